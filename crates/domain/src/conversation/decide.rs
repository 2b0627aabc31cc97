//! What happens when something is asked of a conversation.

use super::Conversation;
use super::by_rule::by_rule;
use super::command::{AgentRef, Command, Facts, Target};
use super::event::{Change, Event, What};
use super::owner::{Owner, Status};
use crate::author::Author;
use crate::automation::{Reply, Then};
use crate::clock::Millis;
use crate::entry::Client;
use crate::id::TeamId;
use crate::limits;
use crate::message::{Choice, Text};
use crate::priority::Priority;

/// The reason of a requeue when the agent did not answer in time.
pub const NO_ANSWER: &str = "no_answer";

/// Why a command is refused; each text says how things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It has moved on since the fence that the command carries.
    #[error("the conversation has changed hands since; load it again")]
    Stale,
    /// Somebody else has it.
    #[error("you do not have this conversation")]
    NotOwner,
    /// Another agent has it.
    #[error("another agent has this conversation")]
    Taken,
    /// It has ended.
    #[error("this conversation is resolved; reopen it first")]
    Resolved,
    /// It has not ended.
    #[error("this conversation is not resolved")]
    NotResolved,
    /// The time is not in the future, or too far away.
    #[error("choose a time in the future, at most a year away")]
    BadTime,
    /// The reply answers a message that does not exist.
    #[error("the turn names a message that the conversation does not have")]
    BadTurn,
    /// It would have more labels than fit.
    #[error("a conversation has at most 20 tags; take one away first")]
    TooManyTags,
    /// The score is out of range.
    #[error("a rating is 1 to 5")]
    BadScore,
}

pub(super) type Decision = Result<Vec<Event>, Refusal>;

/// What happens to `c` when `command` is asked at `now`. No events: it is so already.
pub fn decide(c: &Conversation, command: Command, now: Millis) -> Decision {
    match command {
        Command::Start { visitor, to, facts } => Ok(start(visitor, to, &facts)),
        Command::VisitorMessage { visitor, text, client, facts } => {
            Ok(visitor_message(c, visitor, text, client, &facts))
        }
        Command::AgentMessage { agent, text, client } => agent_message(c, &agent, text, client),
        Command::Note { agent, text, client } => {
            Ok(vec![Event { author: agent.author(), what: What::Note { text }, client }])
        }
        Command::Handoff { by, team, reason, facts } => Ok(handoff(c, by, team, reason, &facts)),
        Command::Claim { agent, fence } => claim(c, &agent, fence),
        Command::Assign { agent, fence, answer_by } => assign(c, &agent, fence, answer_by),
        Command::Transfer { agent, fence, to, note } => transfer(c, &agent, fence, to, note),
        Command::Requeue { fence, reason } => requeue(c, fence, reason),
        Command::AgentResolve { agent, fence } => agent_resolve(c, &agent, fence),
        Command::VisitorResolve { visitor } => Ok(match c.status {
            Status::Resolved => vec![],
            Status::Open | Status::Snoozed => vec![Event::change(visitor, Change::Resolved)],
        }),
        Command::Reopen { agent, fence } => reopen(c, &agent, fence),
        Command::Snooze { agent, fence, until } => snooze(c, &agent, fence, until, now),
        Command::Wake => Ok(match c.status {
            Status::Snoozed => vec![reopened(Author::system(), c.owner.clone(), "snooze_over")],
            Status::Open | Status::Resolved => vec![],
        }),
        Command::Reply { automation, title, fence, first, turn, reply, facts } => {
            let author = Author::automation(&automation, title);
            if !c.owner.is_automation(&automation) || c.fence != fence {
                return Err(Refusal::Stale);
            }
            automation_reply(c, author, (first, turn), reply, &facts)
        }
        Command::Greet { automation, title, messages, tags } => {
            if !c.owner.is_automation(&automation) || c.inbound > 0 {
                return Err(Refusal::Stale);
            }
            Ok(greet(Author::automation(&automation, title), messages, tags))
        }
        Command::TurnFailed { automation, fence, turn, attempts, retry_at, facts } => {
            if !c.owner.is_automation(&automation) || c.fence != fence {
                return Err(Refusal::Stale);
            }
            turn_failed(c, turn, attempts, retry_at, &facts)
        }
        Command::Tag { agent, add, remove } => tag(c, &agent, add, remove),
        Command::Prioritise { agent, priority } => Ok(prioritise(c, &agent, priority)),
        Command::ByRule(doing) => by_rule(c, doing, now),
        Command::Regroup { team } => Ok(regroup(c, team)),
        Command::Rate { score, comment, .. } if c.rating == Some(score) && c.rating_comment == comment => {
            Ok(vec![])
        }
        Command::Rate { visitor, score, comment } => match score {
            1..=5 => Ok(vec![Event::new(visitor, What::Rated { score, comment })]),
            _ => Err(Refusal::BadScore),
        },
    }
}

fn start(visitor: Author, to: Target, facts: &Facts) -> Vec<Event> {
    let (owner, team) = landing(to);
    let queued = owner == Owner::Queue;
    let mut events = vec![Event::change(visitor.clone(), Change::Started { to: owner, team })];
    if queued && !facts.people_available {
        events.push(Event::change(visitor, Change::LeftMessage));
    }
    events
}

/// Where a target lands: the owner, and the team if it is a team's queue.
pub(super) fn landing(to: Target) -> (Owner, Option<TeamId>) {
    match to {
        Target::Agent(agent) => (Owner::Agent { id: agent.id, name: agent.name }, None),
        Target::Team(team) => (Owner::Queue, team),
        Target::Automation { name, title } => (Owner::Automation { id: name, name: title }, None),
    }
}

fn reopened(by: Author, to: Owner, reason: &str) -> Event {
    Event::change(by, Change::Reopened { to, reason: reason.into() })
}

fn visitor_message(
    c: &Conversation,
    visitor: Author,
    text: Text,
    client: Option<Client>,
    facts: &Facts,
) -> Vec<Event> {
    let message = Event { author: visitor.clone(), what: What::Message { text, choices: vec![] }, client };
    match c.status {
        Status::Open => vec![message],
        Status::Snoozed => vec![reopened(visitor, c.owner.clone(), "message"), message],
        Status::Resolved => {
            let mut events = reopen_for_visitor(c, &visitor, facts);
            events.insert(1, message);
            events
        }
    }
}

/// To the last team's queue if people ever had it, otherwise to its automation if that is active, otherwise
/// to people.
fn reopen_for_visitor(c: &Conversation, visitor: &Author, facts: &Facts) -> Vec<Event> {
    match (&c.automation, &facts.automation) {
        (Some(name), Some(title)) if !c.had_people => {
            let to = Owner::Automation { id: name.clone(), name: title.clone() };
            vec![reopened(visitor.clone(), to, "message")]
        }
        _ => {
            let mut events = vec![reopened(visitor.clone(), Owner::Queue, "message")];
            if !facts.people_available {
                events.push(Event::change(visitor.clone(), Change::LeftMessage));
            }
            events
        }
    }
}

fn agent_message(c: &Conversation, agent: &AgentRef, text: Text, client: Option<Client>) -> Decision {
    if c.status == Status::Resolved {
        return Err(Refusal::Resolved);
    }
    if !c.owner.is_agent(&agent.id) {
        return Err(Refusal::NotOwner);
    }
    // What the agent writes does not end a snooze: it waits for its time, or for the visitor.
    Ok(vec![Event { author: agent.author(), what: What::Message { text, choices: vec![] }, client }])
}

pub(super) fn handoff(
    c: &Conversation,
    by: Author,
    team: Option<TeamId>,
    reason: Option<String>,
    facts: &Facts,
) -> Vec<Event> {
    let mut events = match c.owner {
        Owner::Automation { .. } => {
            let team = team.or_else(|| facts.handoff_team.clone());
            vec![Event::change(by.clone(), Change::HandedOff { team, reason })]
        }
        Owner::None => vec![reopened(by.clone(), Owner::Queue, "visitor")],
        Owner::Queue | Owner::Agent { .. } => return vec![],
    };
    if !facts.people_available {
        events.push(Event::change(by, Change::LeftMessage));
    }
    events
}

fn claim(c: &Conversation, agent: &AgentRef, fence: i64) -> Decision {
    if c.owner.is_agent(&agent.id) {
        return Ok(vec![]);
    }
    match c.owner {
        Owner::None => Err(Refusal::Resolved),
        Owner::Agent { .. } => Err(Refusal::Taken),
        Owner::Queue | Owner::Automation { .. } if c.fence != fence => Err(Refusal::Stale),
        Owner::Queue | Owner::Automation { .. } => Ok(vec![assigned(agent.author(), agent, true, None)]),
    }
}

fn assign(c: &Conversation, agent: &AgentRef, fence: i64, answer_by: Millis) -> Decision {
    if c.owner != Owner::Queue || c.status != Status::Open || c.fence != fence {
        return Err(Refusal::Stale);
    }
    Ok(vec![assigned(Author::system(), agent, false, Some(answer_by))])
}

fn assigned(by: Author, agent: &AgentRef, claimed: bool, answer_by: Option<Millis>) -> Event {
    let to = Owner::Agent { id: agent.id.clone(), name: agent.name.clone() };
    Event::change(by, Change::Assigned { to, claimed, answer_by })
}

/// The agent has the conversation and has seen its present state.
fn holds(c: &Conversation, agent: &AgentRef, fence: i64) -> Result<(), Refusal> {
    match () {
        () if c.status == Status::Resolved => Err(Refusal::Resolved),
        () if !c.owner.is_agent(&agent.id) => Err(Refusal::NotOwner),
        () if c.fence != fence => Err(Refusal::Stale),
        () => Ok(()),
    }
}

fn transfer(c: &Conversation, agent: &AgentRef, fence: i64, to: Target, note: Option<Text>) -> Decision {
    holds(c, agent, fence)?;
    let (owner, team) = landing(to);
    let note = note.map(|text| Event::new(agent.author(), What::Note { text }));
    if owner == c.owner {
        return Ok(note.into_iter().collect());
    }
    let moved = Event::change(agent.author(), Change::Transferred { to: owner, team });
    Ok(note.into_iter().chain([moved]).collect())
}

fn requeue(c: &Conversation, fence: Option<i64>, reason: &'static str) -> Decision {
    if fence.is_some_and(|f| f != c.fence) {
        return Err(Refusal::Stale);
    }
    Ok(match c.owner {
        Owner::Agent { .. } => {
            vec![Event::change(Author::system(), Change::Requeued { reason: reason.into() })]
        }
        Owner::Automation { .. } | Owner::Queue | Owner::None => vec![],
    })
}

fn agent_resolve(c: &Conversation, agent: &AgentRef, fence: i64) -> Decision {
    if c.status == Status::Resolved && c.resolved_by.as_ref() == Some(&agent.author().sender()) {
        return Ok(vec![]);
    }
    holds(c, agent, fence)?;
    Ok(vec![Event::change(agent.author(), Change::Resolved)])
}

fn reopen(c: &Conversation, agent: &AgentRef, fence: i64) -> Decision {
    let mine = c.owner.is_agent(&agent.id);
    match c.status {
        Status::Open if mine => Ok(vec![]),
        Status::Open => Err(Refusal::NotResolved),
        Status::Snoozed if !mine => Err(Refusal::NotOwner),
        Status::Snoozed | Status::Resolved if c.fence != fence => Err(Refusal::Stale),
        Status::Snoozed | Status::Resolved => {
            let to = Owner::Agent { id: agent.id.clone(), name: agent.name.clone() };
            Ok(vec![reopened(agent.author(), to, "agent")])
        }
    }
}

fn snooze(c: &Conversation, agent: &AgentRef, fence: i64, until: Millis, now: Millis) -> Decision {
    if until <= now || until > now + limits::SNOOZE_MS {
        return Err(Refusal::BadTime);
    }
    holds(c, agent, fence)?;
    if c.snoozed_until == Some(until) {
        return Ok(vec![]);
    }
    Ok(vec![Event::change(agent.author(), Change::Snoozed { until })])
}

fn automation_reply(
    c: &Conversation,
    author: Author,
    (first, turn): (Option<i64>, i64),
    reply: Reply,
    facts: &Facts,
) -> Decision {
    if is_answered(c, turn)? {
        return Ok(vec![]);
    }
    // Two routers may have asked, for a moment: the other one's turn was shorter, and came first.
    if first.is_some_and(|first| first <= c.answered) {
        return Err(Refusal::Stale);
    }
    // Passing it on counts like a message, so that automations that pass it to each other come to an end.
    let room = limits::AUTOMATION_STREAK.saturating_sub(facts.streak);
    let passes = usize::from(matches!(reply.then, Then::Pass { .. }));
    let to_itself = matches!((&reply.then, &c.owner), (Then::Pass { name, .. }, Owner::Automation { id, .. }) if name == id);
    let looping = to_itself || reply.messages.len() + passes > room;
    let said = reply.messages.into_iter().take(room);
    let mut events: Vec<Event> =
        said.map(|(text, choices)| Event::new(author.clone(), What::Message { text, choices })).collect();
    // Whom it is passed on to begins with the newest message.
    let answered = if passes > 0 && !looping { turn - 1 } else { turn };
    events.push(Event::new(author.clone(), What::Turn { seq: answered }));
    if !reply.tags.is_empty() {
        events.push(Event::new(author.clone(), What::Tagged { tags: reply.tags }));
    }
    match reply.then {
        _ if looping => {
            events.extend(handoff(c, Author::system(), None, Some("loop".into()), facts));
        }
        Then::Wait => {}
        Then::Handoff { team, reason } => {
            events.extend(reply.note.map(|text| Event::new(author.clone(), What::Note { text })));
            events.extend(handoff(c, author, team, reason, facts));
        }
        Then::Pass { name, title } => {
            let to = Owner::Automation { id: name, name: title };
            events.push(Event::change(author, Change::Transferred { to, team: None }));
        }
        // What the visitor wrote meanwhile is the next turn's: it is not ended unread.
        Then::Resolve if turn < c.last_inbound => {}
        Then::Resolve => events.push(Event::change(author, Change::Resolved)),
    }
    Ok(events)
}

/// As much as one reply may say.
fn greet(author: Author, messages: Vec<(Text, Vec<Choice>)>, tags: Vec<String>) -> Vec<Event> {
    let said = messages.into_iter().take(limits::AUTOMATION_STREAK);
    let said = said.map(|(text, choices)| Event::new(author.clone(), What::Message { text, choices }));
    let mut events: Vec<Event> = said.collect();
    if !tags.is_empty() {
        events.push(Event::new(author, What::Tagged { tags }));
    }
    events
}

/// What is there already, or not there, is no change; what is named twice is added.
fn tag(c: &Conversation, agent: &AgentRef, add: Vec<String>, remove: Vec<String>) -> Decision {
    let gone: Vec<String> =
        remove.into_iter().filter(|tag| c.tags.contains(tag) && !add.contains(tag)).collect();
    let mut fresh: Vec<String> = Vec::new();
    for tag in add {
        if !c.tags.contains(&tag) && !fresh.contains(&tag) {
            fresh.push(tag);
        }
    }
    let left = c.tags.iter().filter(|tag| !gone.contains(tag)).count();
    if left + fresh.len() > limits::TAGS && !fresh.is_empty() {
        return Err(Refusal::TooManyTags);
    }
    let mut events = Vec::new();
    if !gone.is_empty() {
        events.push(Event::new(agent.author(), What::Untagged { tags: gone }));
    }
    if !fresh.is_empty() {
        events.push(Event::new(agent.author(), What::Tagged { tags: fresh }));
    }
    Ok(events)
}

fn prioritise(c: &Conversation, agent: &AgentRef, priority: Priority) -> Vec<Event> {
    if Priority::of(c.priority) == priority {
        return vec![];
    }
    vec![Event::new(agent.author(), What::Prioritised { priority })]
}

/// Neither owner nor status changes, only whose queue it waits in and who may see it: its place stays.
fn regroup(c: &Conversation, team: Option<TeamId>) -> Vec<Event> {
    if c.team == team { vec![] } else { vec![Event::new(Author::system(), What::Regrouped { team })] }
}

fn turn_failed(c: &Conversation, turn: i64, attempts: i64, retry_at: Millis, facts: &Facts) -> Decision {
    if is_answered(c, turn)? {
        return Ok(vec![]);
    }
    if attempts < limits::TURN_ATTEMPTS {
        return Ok(vec![Event::new(Author::system(), What::Missed { attempts, retry_at })]);
    }
    Ok(handoff(c, Author::system(), None, Some("automation_failed".into()), facts))
}

/// Whether the turn whose newest message is `turn` needs no answer any more.
fn is_answered(c: &Conversation, turn: i64) -> Result<bool, Refusal> {
    if turn > c.last_inbound { Err(Refusal::BadTurn) } else { Ok(turn <= c.answered) }
}
