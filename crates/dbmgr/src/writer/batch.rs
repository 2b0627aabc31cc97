//! One batch, one transaction, a constant number of statements: lock those who write, lock the conversations, find
//! what is stored already, decide each item in order, insert all entries, write all conversations, commit, tell.

use super::item::{By, Item, Who};
use super::{Answer, broken};
use crate::act::{self, Act, Saved};
use crate::gate;
use crate::limits;
use crate::shared::Shared;
use crate::tally::Tally;
use std::collections::{BTreeSet, HashMap, HashSet};
use switchboard_domain::clock::rfc3339;
use switchboard_domain::conversation::{Command, Facts};
use switchboard_domain::{
    AccountId, Author, ConversationId, Entry, EntryId, Millis, Status, TeamId, TokenHash,
};
use switchboard_faults::{self as faults, Mutant, Point};
use switchboard_storage::entry::ClientKey;
use switchboard_storage::{Error, Tx, conversation, entry, session, team, visitor};
use switchboard_wire::call::append::{AppendKind, Appended};
use switchboard_wire::notice::{EntryNotice, Notice, StateNotice};
use switchboard_wire::view::{Line, State};
use switchboard_wire::{Failure, Problem};

/// What earlier runs of the same batch leave behind.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// How many there were.
    pub(super) count: u32,
    /// Whether the outcome of one of them is unknown.
    pub(super) unknown: bool,
    /// The entries of a commit whose outcome is unknown.
    tried: HashSet<String>,
}

/// Commits a batch and tells what happened; answers each item in order.
pub(super) async fn commit(shared: &Shared, items: &[Item], runs: &mut Runs) -> Result<Vec<Answer>, Error> {
    let mut tx = shared.store.write().await?;
    let mut tally = Tally::default();
    let done = match fill(&mut tx, shared, items, runs, &mut tally).await {
        Ok(done) => done,
        Err(error) => {
            tx.rollback().await;
            return Err(error);
        }
    };
    if let Err(error) = broken::commit(tx).await {
        if matches!(error, Error::CommitUnknown(_)) {
            // The next run tells again what it finds; if there is none, the readers look for themselves.
            shared.relay.lose(&done.saved.iter().flat_map(Saved::notices).collect::<Vec<_>>());
            let lines = done.saved.into_iter().flat_map(|saved| saved.lines);
            runs.tried.extend(lines.map(|line| line.id));
        }
        return Err(error);
    }
    tally.committed();
    let mut notices: Vec<Notice> = done.saved.iter().flat_map(Saved::notices).collect();
    notices.extend(done.again);
    faults::at(Point::TellBefore);
    shared.relay.tell(&notices);
    faults::at(Point::TellAfter);
    let lines: HashMap<&str, &Line> =
        done.saved.iter().flat_map(|saved| &saved.lines).map(|line| (line.id.as_str(), line)).collect();
    let answer = |(item, judged): (&Item, Judged)| match judged {
        Judged::Refused(failure) => Err(failure),
        Judged::Stored(place) => {
            let entry = lines.get(place.id.as_str()).filter(|_| item.want_entry);
            Ok(place.appended(false, entry.map(|line| line.entry.clone())))
        }
        Judged::Repeated(place, line) => {
            let fresh = runs.tried.contains(place.id.as_str());
            let entry = line.or_else(|| lines.get(place.id.as_str()).map(|line| line.entry.clone()));
            Ok(place.appended(!fresh, entry.filter(|_| item.want_entry)))
        }
    };
    Ok(items.iter().zip(done.judged).map(answer).collect())
}

/// What a transaction has done so far.
struct Done {
    judged: Vec<Judged>,
    saved: Vec<Saved>,
    /// Notices of an earlier run, whose commit came through unseen.
    again: Vec<Notice>,
}

/// What became of an item.
enum Judged {
    Refused(Failure),
    Stored(Place),
    Repeated(Place, Option<Box<serde_json::value::RawValue>>),
}

/// Where an entry is.
#[derive(Clone)]
struct Place {
    seq: i64,
    id: EntryId,
    at: Millis,
}

impl Place {
    fn of(entry: &Entry) -> Self {
        Self { seq: entry.seq, id: entry.id.clone(), at: entry.at }
    }

    fn appended(self, repeated: bool, entry: Option<Box<serde_json::value::RawValue>>) -> Appended {
        Appended { seq: self.seq, id: self.id.into(), at: rfc3339(self.at), repeated, entry }
    }
}

async fn fill(
    tx: &mut Tx,
    shared: &Shared,
    items: &[Item],
    runs: &Runs,
    tally: &mut Tally,
) -> Result<Done, Error> {
    let now = shared.clock.now();
    let writers = writers(tx, shared, items, now).await?;
    let mut room = Room::load(tx, items, &writers).await?;
    let mut judged = Vec::with_capacity(items.len());
    for (item, who) in items.iter().zip(&writers) {
        judged.push(match who {
            Ok(who) => room.judge(item, who, now, shared),
            Err(failure) => Judged::Refused(failure.clone()),
        });
    }
    // A commit whose outcome was unknown may come through after its batch was given up; then a client's retry is the
    // first to find it, and the readers have not heard of it.
    let since = match () {
        () if faults::broken(Mutant::UnknownCommitForgotten) => Millis::MAX,
        () if runs.unknown => Millis::MIN,
        () => now - limits::RETELL_MS,
    };
    let again = room.told_again(since);
    let saved = act::write(tx, room.acts.into_values().collect(), tally).await?;
    Ok(Done { judged, saved, again })
}

/// Who writes each item: accounts and sessions are locked first, then visitors.
async fn writers(
    tx: &mut Tx,
    shared: &Shared,
    items: &[Item],
    now: Millis,
) -> Result<Vec<Result<Who, Failure>>, Error> {
    let (mut staff, mut visitors) = (BTreeSet::new(), BTreeSet::new());
    for item in items {
        match &item.by {
            By::Staff(token) => staff.insert(token.clone()),
            By::Visitor(token) => visitors.insert(token.clone()),
        };
    }
    let mut known: HashMap<By, Result<Who, Failure>> = HashMap::with_capacity(staff.len() + visitors.len());
    if !staff.is_empty() {
        let tokens: Vec<TokenHash> = staff.into_iter().collect();
        for row in session::lock_actors(tx, &tokens).await? {
            shared.touches.note(&row.session, now);
            known.insert(By::Staff(row.session.token.clone()), gate::admit_agent(&row, now).map(Who::Agent));
        }
    }
    if !visitors.is_empty() {
        let tokens: Vec<TokenHash> = visitors.into_iter().collect();
        for row in visitor::lock_many(tx, &tokens).await? {
            known.insert(By::Visitor(row.token.clone()), Ok(Who::Visitor(gate::author(&row))));
        }
    }
    let nobody = || Err(Failure::unauthenticated());
    let who = |item: &Item| known.get(&item.by).cloned().unwrap_or_else(nobody);
    Ok(items.iter().map(|item| broken::writer(&item.by, who(item))).collect())
}

/// What is stored under a client's id, by an earlier batch or by an earlier item of this one.
struct Stored {
    place: Place,
    body_hash: String,
    /// The entry, when it is an earlier batch's.
    entry: Option<Entry>,
}

/// All that the items of a batch need, loaded and locked.
struct Room {
    acts: HashMap<ConversationId, Act>,
    stored: HashMap<ClientKey, Stored>,
    teams: HashMap<AccountId, Vec<TeamId>>,
    facts: HashMap<ConversationId, Facts>,
}

impl Room {
    async fn load(tx: &mut Tx, items: &[Item], writers: &[Result<Who, Failure>]) -> Result<Self, Error> {
        let good = || items.iter().zip(writers).filter_map(|(item, who)| Some((item, who.as_ref().ok()?)));
        let ids: BTreeSet<ConversationId> = good().map(|(item, _)| item.conversation.clone()).collect();
        let ids: Vec<ConversationId> = ids.into_iter().collect();
        let mut room = Self {
            acts: HashMap::with_capacity(ids.len()),
            stored: HashMap::new(),
            teams: HashMap::new(),
            facts: HashMap::new(),
        };
        if ids.is_empty() {
            return Ok(room);
        }
        for c in conversation::lock_many(tx, &ids).await? {
            room.acts.insert(c.id.clone(), Act::of(c));
        }
        let keys: HashSet<ClientKey> = good().map(|(item, who)| item.key(&who.author())).collect();
        let keys: Vec<ClientKey> = keys.into_iter().collect();
        for entry in entry::by_client(tx, &keys).await? {
            if let Some(client) = &entry.client {
                let (conversation, sender) = (entry.conversation.clone(), client.sender.clone());
                let key = ClientKey { conversation, sender, id: client.id.clone() };
                let (place, body_hash) = (Place::of(&entry), client.body_hash.clone());
                room.stored.insert(key, Stored { place, body_hash, entry: Some(entry) });
            }
        }
        let strangers: BTreeSet<AccountId> = good()
            .filter_map(|(item, who)| match who {
                Who::Agent(agent) => Some((room.acts.get(&item.conversation)?, agent)),
                Who::Visitor(_) => None,
            })
            .filter(|(act, agent)| act.c.team.is_some() && !act.c.owner.is_agent(&agent.id))
            .map(|(_, agent)| agent.id.clone())
            .collect();
        if !strangers.is_empty() {
            let strangers: Vec<AccountId> = strangers.into_iter().collect();
            room.teams = team::of_accounts(tx, &strangers).await?;
        }
        // Only writing to a resolved conversation asks who is there.
        for act in room.acts.values().filter(|act| act.c.status == Status::Resolved) {
            room.facts.insert(act.c.id.clone(), act::facts(tx, &act.c).await?);
        }
        Ok(room)
    }

    fn judge(&mut self, item: &Item, who: &Who, now: Millis, shared: &Shared) -> Judged {
        let author = who.author();
        let key = item.key(&author);
        let unknown = || Judged::Refused(Failure::not_found("conversation"));
        let Some(act) = self.acts.get_mut(&item.conversation) else { return unknown() };
        // A repeat is answered as it was, whatever has become of the conversation since.
        if let Some(stored) = self.stored.get(&key) {
            return repeated(item, stored);
        }
        let may_see = match who {
            Who::Visitor(author) => {
                author.id.as_deref() == Some(act.c.visitor.as_str())
                    || faults::broken(Mutant::ForeignReadable)
            }
            Who::Agent(agent) => {
                act.c.is_visible_to(&agent.id, self.teams.get(&agent.id).map_or(&[], Vec::as_slice))
            }
        };
        if !may_see {
            return unknown();
        }
        let (text, client) = (item.text.clone(), Some(item.client(&author)));
        let command = match (who, item.kind) {
            (Who::Visitor(_), AppendKind::Message) => {
                let facts = self.facts.get(&item.conversation).cloned().unwrap_or_default();
                Command::VisitorMessage { visitor: author, text, client, facts }
            }
            (Who::Visitor(_), AppendKind::Note) => {
                return Judged::Refused(Failure::new(Problem::Forbidden, "notes are for staff"));
            }
            (Who::Agent(agent), AppendKind::Message) => {
                Command::AgentMessage { agent: agent.clone(), text, client }
            }
            (Who::Agent(agent), AppendKind::Note) => Command::Note { agent: agent.clone(), text, client },
        };
        broken::number(&mut act.c);
        if let Err(refusal) = act.decide(command, now, shared.rng.as_ref()) {
            return Judged::Refused(refusal.into());
        }
        broken::numbered(&act.c);
        // Of the entries that it became the one that carries the client's id.
        let written = act.entries().iter().rev().find(|entry| entry.client.is_some());
        match written {
            Some(entry) => {
                let place = Place::of(entry);
                let body_hash = item.body_hash.clone();
                self.stored.insert(key, Stored { place: place.clone(), body_hash, entry: None });
                Judged::Stored(place)
            }
            None => unknown(),
        }
    }

    /// What an earlier run may have committed unseen and told to nobody: the repeats of entries since then.
    fn told_again(&self, since: Millis) -> Vec<Notice> {
        let mut notices: Vec<Notice> = Vec::new();
        let mut conversations = BTreeSet::new();
        let young = |entry: &&Entry| entry.at >= since;
        for entry in self.stored.values().filter_map(|stored| stored.entry.as_ref()).filter(young) {
            let id = entry.conversation.clone();
            notices.push(Notice::Entry(EntryNotice::of(id.clone(), &Line::of(entry))));
            conversations.insert(id);
        }
        for act in conversations.iter().filter_map(|id| self.acts.get(id)) {
            let state = StateNotice { state: State::of(&act.c), changed: true };
            notices.push(Notice::State(Box::new(state)));
        }
        notices
    }
}

fn repeated(item: &Item, stored: &Stored) -> Judged {
    if stored.body_hash == item.body_hash || faults::broken(Mutant::ConflictAcknowledged) {
        let entry = stored.entry.as_ref().filter(|_| item.want_entry);
        return Judged::Repeated(stored.place.clone(), entry.map(|entry| Line::of(entry).entry));
    }
    Judged::Refused(Failure::new(
        Problem::Conflict,
        "another message was stored under this client_msg_id: use a new one for a new message",
    ))
}

impl Who {
    fn author(&self) -> Author {
        match self {
            Self::Agent(agent) => agent.author(),
            Self::Visitor(author) => author.clone(),
        }
    }
}
