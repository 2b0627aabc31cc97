//! Acting on conversations: load and lock, decide, apply, save, and what is to be told.

use crate::availability;
use crate::cx::Cx;
use crate::gate::Party;
use crate::halt::{Halt, Outcome};
use crate::handle::mention;
use crate::rules;
use crate::tally::Tally;
use std::collections::HashMap;
use switchboard_domain::conversation::{Change as Event, Command, Facts, What, decide, record};
use switchboard_domain::file::{Attached, attach};
use switchboard_domain::report::Course;
use switchboard_domain::{
    AccountId, Conversation, ConversationId, Entry, EntryId, Millis, Owner, Refusal, Rng, Status, TeamId,
};
use switchboard_faults::{self as faults, Mutant};
use switchboard_storage::conversation::Change;
use switchboard_storage::tag::{self, Tagging};
use switchboard_storage::{Error, Tx, acquaintance, automation_rules, conversation, course, entry, team};
use switchboard_wire::Failure;
use switchboard_wire::notice::{EntryNotice, Mentioned, Notice, StateNotice};
use switchboard_wire::view::{self, Audience, Line, QueuePlace, State};

/// A conversation that this transaction has locked or is making, and what has happened to it so far.
#[derive(Debug)]
pub(crate) struct Act {
    /// As it is now.
    pub(crate) c: Conversation,
    /// What was added to its log.
    entries: Vec<Entry>,
    /// As it was before something happened to it.
    was: Option<Conversation>,
    new: bool,
    /// A message was left, because nobody was there.
    left: bool,
}

impl Act {
    /// Of a conversation that is stored and locked.
    pub(crate) fn of(c: Conversation) -> Self {
        Self { c, entries: Vec::new(), was: None, new: false, left: false }
    }

    /// Of one that is about to begin.
    pub(crate) fn new(c: Conversation) -> Self {
        Self { new: true, ..Self::of(c) }
    }

    /// Carries out a command; answers whether anything happened.
    pub(crate) fn decide(&mut self, command: Command, now: Millis, rng: &dyn Rng) -> Result<bool, Refusal> {
        let events = decide(&self.c, command, now)?;
        if events.is_empty() {
            return Ok(false);
        }
        let mut c = self.c.clone();
        for event in &events {
            let entry;
            self.left |= matches!(event.what, What::Change(Event::LeftMessage));
            (c, entry) = record(c, event, EntryId::timed(now, rng), now);
            self.entries.extend(entry);
        }
        let was = std::mem::replace(&mut self.c, c);
        self.was.get_or_insert(was);
        Ok(true)
    }

    /// Names files in the entry that a client has just sent. No rule of a conversation asks for them.
    pub(crate) fn attach(&mut self, files: &[Attached]) {
        if let Some(entry) = self.entries.iter_mut().rev().find(|entry| entry.client.is_some()) {
            entry.body = attach(&entry.body, files);
        }
    }

    /// Marks the note that was just written as a supervisor's.
    pub(crate) fn whispered(&mut self) {
        if let Some(entry) = self.entries.last_mut() {
            let body = serde_json::from_str::<serde_json::Map<_, _>>(&entry.body);
            let mut body: serde_json::Map<String, serde_json::Value> = body.unwrap_or_default();
            body.insert("whisper".into(), true.into());
            entry.body = serde_json::Value::Object(body).to_string();
        }
    }

    /// The fence that a caller brings, to be compared with the conversation's.
    pub(crate) fn brought(&self, fence: i64) -> i64 {
        if faults::broken(Mutant::FenceIgnored) { self.c.fence } else { fence }
    }

    /// What was added to its log.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The agent who has it from now on and had it not before.
    fn takes_over(&self) -> Option<&AccountId> {
        let Owner::Agent { id, .. } = &self.c.owner else { return None };
        self.was.as_ref().is_none_or(|was| was.owner != self.c.owner).then_some(id)
    }

    /// What reports learn of it.
    fn step(&self) -> Option<Course> {
        let was = self.was.as_ref().filter(|_| !self.new);
        (self.new || was.is_some()).then(|| Course::step(was, &self.c, self.left)).flatten()
    }

    /// What has become of its tags.
    fn tagging(&self) -> Option<Tagging> {
        let was: &[String] = if self.new { &[] } else { &self.was.as_ref()?.tags };
        (was != self.c.tags).then(|| Tagging {
            conversation: self.c.id.clone(),
            was: was.to_vec(),
            now: self.c.tags.clone(),
        })
    }

    /// Whether owner, status, fence or team changed.
    fn changed(&self) -> bool {
        let differs = |was: &Conversation| {
            (was.status, &was.owner, was.fence, &was.team)
                != (self.c.status, &self.c.owner, self.c.fence, &self.c.team)
        };
        self.new || self.was.as_ref().is_some_and(differs)
    }
}

/// What was written of one conversation.
#[derive(Debug)]
pub(crate) struct Saved {
    /// As it is now.
    pub(crate) c: Conversation,
    /// Its new entries.
    pub(crate) lines: Vec<Line>,
    /// Whom its new notes call.
    mentioned: Vec<Mentioned>,
    /// Whether owner, status or fence changed.
    changed: bool,
}

impl Saved {
    /// What everybody is told of it.
    pub(crate) fn notices(&self) -> impl Iterator<Item = Notice> {
        let entries = self.lines.iter().map(|line| Notice::Entry(EntryNotice::of(self.c.id.clone(), line)));
        let state = StateNotice { state: State::of(&self.c), changed: self.changed };
        let mentioned = self.mentioned.iter().cloned().map(Notice::Mentioned);
        entries.chain([Notice::State(Box::new(state))]).chain(mentioned)
    }
}

/// The conversation, locked for changing it.
pub(crate) async fn lock(cx: &mut Cx, id: &ConversationId) -> Outcome<Act> {
    conversation::lock(&mut cx.tx, id).await?.map(Act::of).ok_or_else(not_found)
}

/// The conversation of this text, locked, if `party` may see it.
pub(crate) async fn lock_for(cx: &mut Cx, id: &str, party: &Party<'_>) -> Outcome<Act> {
    let act = lock(cx, &parse(id)?).await?;
    may_see(&mut cx.tx, &act.c, party).await?;
    Ok(act)
}

/// The conversation of this text, for reading, if `party` may see it.
pub(crate) async fn load_for(cx: &mut Cx, id: &str, party: &Party<'_>) -> Outcome<Conversation> {
    let c = conversation::get(&mut cx.tx, &parse(id)?).await?.ok_or_else(not_found)?;
    may_see(&mut cx.tx, &c, party).await?;
    Ok(c)
}

/// The id that a caller gave; what is no id is the id of nothing.
pub(crate) fn parse(id: &str) -> Outcome<ConversationId> {
    id.parse().map_err(|_| not_found())
}

/// There is no such conversation, or it is not the caller's to know about.
pub(crate) fn not_found() -> Halt {
    Failure::not_found("conversation").into()
}

/// Refuses whoever may not know of a conversation.
pub(crate) async fn may_see(tx: &mut Tx, c: &Conversation, party: &Party<'_>) -> Outcome<()> {
    let may = match party {
        Party::Visitor(visitor) => c.visitor == visitor.id || faults::broken(Mutant::ForeignReadable),
        // The common cases need no look at the teams.
        Party::Agent(agent) if c.owner.is_agent(agent.id()) || c.team.is_none() => true,
        Party::Agent(agent) => c.is_visible_to(agent.id(), &team::of_account(tx, agent.id()).await?),
    };
    if may { Ok(()) } else { Err(not_found()) }
}

/// Carries out one command and saves; answers the conversation as it is then.
pub(crate) async fn carry_out(cx: &mut Cx, mut act: Act, command: Command) -> Outcome<Conversation> {
    let now = cx.now;
    let rng = std::sync::Arc::clone(&cx.shared.rng);
    act.decide(command, now, rng.as_ref())?;
    let c = act.c.clone();
    save(cx, vec![act]).await?;
    Ok(c)
}

/// Saves what happened, in a constant number of statements, and notes what is to be told.
pub(crate) async fn save(cx: &mut Cx, acts: Vec<Act>) -> Outcome<()> {
    let saved = write(&mut cx.tx, acts, &mut cx.tally).await?;
    cx.notices.extend(saved.iter().flat_map(Saved::notices));
    Ok(())
}

/// Writes what happened; answers what was written of each conversation that something happened to.
pub(crate) async fn write(tx: &mut Tx, acts: Vec<Act>, tally: &mut Tally) -> Result<Vec<Saved>, Error> {
    let (mut made, mut stored) = (Vec::new(), Vec::new());
    let (mut entries, mut rest) = (Vec::new(), Vec::new());
    let (mut met, mut met_at) = (Vec::new(), 0);
    let steps: Vec<Course> = acts.iter().filter_map(Act::step).collect();
    let tagged: Vec<Tagging> = acts.iter().filter_map(Act::tagging).collect();
    for act in acts {
        let changed = act.changed();
        if let Some(agent) = act.takes_over() {
            met.push((act.c.visitor.clone(), agent.clone()));
            met_at = met_at.max(act.c.updated_at);
        }
        match act.was {
            _ if act.new => made.push(act.c),
            Some(was) => stored.push(Change { was, now: act.c }),
            None => continue,
        }
        rest.push((act.new, changed, act.entries.len()));
        entries.extend(act.entries);
    }
    if !made.is_empty() {
        conversation::insert(tx, &made).await?;
    }
    if !entries.is_empty() {
        entry::insert(tx, &entries).await?;
    }
    if !stored.is_empty() {
        conversation::save_many(tx, &stored).await?;
    }
    if !met.is_empty() {
        acquaintance::meet(tx, &met, met_at).await?;
    }
    if !steps.is_empty() {
        course::save(tx, &steps).await?;
    }
    if !tagged.is_empty() {
        tag::save(tx, &tagged).await?;
    }
    let all = made.iter().chain(stored.iter().map(|change| &change.now));
    let mut mentioned = mention::note(tx, &entries, all).await?;
    entries.iter().for_each(|entry| tally.add(entry));
    let (mut made, mut stored, mut entries) = (made.into_iter(), stored.into_iter(), entries.iter());
    let saved = rest.into_iter().filter_map(|(new, changed, count)| {
        let c = if new { made.next() } else { stored.next().map(|change| change.now) }?;
        let lines = entries.by_ref().take(count).map(Line::of).collect();
        let own = mentioned.extract_if(.., |(id, _)| *id == c.id).map(|(_, mentioned)| mentioned).collect();
        Some(Saved { c, lines, mentioned: own, changed })
    });
    Ok(saved.collect())
}

/// What is true around a conversation.
pub(crate) async fn facts(tx: &mut Tx, c: &Conversation, now: Millis) -> Result<Facts, Error> {
    let found = match &c.automation {
        Some(name) => automation_rules::with_automation(tx, name).await?.filter(|(found, _)| found.active),
        None => None,
    };
    let automation = match found {
        Some((found, ruled)) => rules::is_open(tx, &ruled, now).await?.then_some(found.title),
        None => None,
    };
    let people_available = availability::people(tx, c.team.as_ref(), now).await?;
    Ok(Facts { people_available, automation, ..Facts::default() })
}

/// The same for a queue that the conversation is about to enter.
pub(crate) async fn facts_of_queue(cx: &mut Cx, team: Option<&TeamId>) -> Result<Facts, Error> {
    let people_available = availability::people(&mut cx.tx, team, cx.now).await?;
    Ok(Facts { people_available, automation: None, ..Facts::default() })
}

/// The same for what an automation hands over: to the team that it names, or to the one that an admin has chosen.
pub(crate) async fn facts_of_handoff(
    cx: &mut Cx,
    automation: &str,
    named: Option<&TeamId>,
) -> Result<Facts, Error> {
    let handoff_team = rules::of(&mut cx.tx, automation).await?.handoff_team;
    let facts = facts_of_queue(cx, named.or(handoff_team.as_ref())).await?;
    Ok(Facts { handoff_team, ..facts })
}

/// Gives back to the queue whatever this agent has.
pub(crate) async fn requeue_all(cx: &mut Cx, agent: &AccountId, reason: &'static str) -> Outcome<i64> {
    let mut done = 0;
    loop {
        let limit = i64::try_from(switchboard_domain::limits::BATCH_ROWS).unwrap_or(i64::MAX);
        let owned = conversation::owned_by_agent(&mut cx.tx, agent, limit).await?;
        let ids: Vec<ConversationId> = owned.into_iter().map(|c| c.id).collect();
        if ids.is_empty() {
            return Ok(done);
        }
        let mut acts: Vec<Act> =
            conversation::lock_many(&mut cx.tx, &ids).await?.into_iter().map(Act::of).collect();
        acts.retain(|act| act.c.owner.is_agent(agent));
        if acts.is_empty() {
            return Ok(done);
        }
        for act in &mut acts {
            act.decide(Command::Requeue { fence: None, reason }, cx.now, cx.shared.rng.as_ref())?;
            done += 1;
        }
        save(cx, acts).await?;
    }
}

/// Gives to people what an automation has that answers no more, as far as it fits into one transaction; answers how
/// many. The router's sweep does the rest.
pub(crate) async fn leave_automation(cx: &mut Cx, name: &str) -> Outcome<i64> {
    let limit = i64::try_from(switchboard_domain::limits::BATCH_ROWS).unwrap_or(i64::MAX);
    let owned = conversation::owned_by_automation(&mut cx.tx, name, limit).await?;
    let ids: Vec<ConversationId> = owned.into_iter().map(|c| c.id).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    let facts = facts_of_handoff(cx, name, None).await?;
    let mut acts: Vec<Act> =
        conversation::lock_many(&mut cx.tx, &ids).await?.into_iter().map(Act::of).collect();
    acts.retain(|act| act.c.owner.is_automation(name));
    let mut done = 0;
    for act in &mut acts {
        let (by, reason) = (switchboard_domain::Author::system(), Some("automation_inactive".into()));
        let command = Command::Handoff { by, team: None, reason, facts: facts.clone() };
        act.decide(command, cx.now, cx.shared.rng.as_ref())?;
        done += 1;
    }
    save(cx, acts).await?;
    Ok(done)
}

/// Gives what a deleted team has to its heir, or to everybody, as far as it fits into one transaction; answers how many.
pub(crate) async fn regroup(cx: &mut Cx, team: &TeamId, heir: Option<&TeamId>) -> Outcome<i64> {
    let limit = i64::try_from(switchboard_domain::limits::BATCH_ROWS).unwrap_or(i64::MAX);
    let ids = conversation::of_team(&mut cx.tx, team, limit).await?;
    let mut acts: Vec<Act> =
        conversation::lock_many(&mut cx.tx, &ids).await?.into_iter().map(Act::of).collect();
    acts.retain(|act| act.c.team.as_ref() == Some(team));
    let mut done = 0;
    for act in &mut acts {
        act.decide(Command::Regroup { team: heir.cloned() }, cx.now, cx.shared.rng.as_ref())?;
        done += 1;
    }
    save(cx, acts).await?;
    Ok(done)
}

/// A conversation as `party` may see it, with its place in the queue.
pub(crate) async fn shown(cx: &mut Cx, c: &Conversation, party: &Party<'_>) -> Outcome<view::Conversation> {
    let mut shown = State::of(c).shown_to(audience(party));
    shown.queue = place(&mut cx.tx, c).await?;
    Ok(shown)
}

/// The place in the queue, while it waits there.
pub(crate) async fn place(tx: &mut Tx, c: &Conversation) -> Result<Option<QueuePlace>, Error> {
    // What is snoozed waits for its time, not for people.
    if c.owner != Owner::Queue || c.status != Status::Open {
        return Ok(None);
    }
    let position = conversation::queue_position(tx, c, switchboard_domain::limits::QUEUE_EXACT + 1).await?;
    Ok(Some(QueuePlace { position, estimate_s: None }))
}

/// The places in the queue of those that wait there, in one statement per queue.
pub(crate) async fn places(
    tx: &mut Tx,
    all: impl Iterator<Item = &Conversation>,
) -> Result<HashMap<ConversationId, QueuePlace>, Error> {
    let mut queues: HashMap<Option<&TeamId>, Vec<&ConversationId>> = HashMap::new();
    for c in all.filter(|c| c.owner == Owner::Queue && c.status == Status::Open) {
        queues.entry(c.team.as_ref()).or_default().push(&c.id);
    }
    let mut places = HashMap::new();
    for (team, ids) in queues {
        let front = conversation::waiting(tx, team, switchboard_domain::limits::QUEUE_EXACT).await?;
        for id in ids {
            let ahead = front.iter().position(|waiting| waiting.conversation == *id);
            let ahead = ahead.map_or(switchboard_domain::limits::QUEUE_EXACT, |ahead| {
                i64::try_from(ahead).unwrap_or(i64::MAX)
            });
            places.insert(id.clone(), QueuePlace { position: ahead + 1, estimate_s: None });
        }
    }
    Ok(places)
}

/// Which side of a conversation `party` sees.
pub(crate) fn audience(party: &Party<'_>) -> Audience {
    match party {
        Party::Agent(_) => Audience::Staff,
        Party::Visitor(_) => Audience::Visitor,
    }
}
