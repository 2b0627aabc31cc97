//! What the contract says about each command: all that speaks against it, and what happens if nothing does.

use crate::log::{Event, Log, What};
use std::collections::BTreeSet;
use switchboard_domain::automation::{Reply, Then};
use switchboard_domain::conversation::{AgentRef, Command, Doing, Facts, Target};
use switchboard_domain::{Author, Millis, Owner, Priority, Refusal, Status, TeamId};

/// The longest snooze that the contract's reader would call one: a leap year.
const YEAR: Millis = 366 * 86_400_000;

fn has(owner: &Owner, agent: &AgentRef) -> bool {
    owner.id() == Some(agent.id.as_str()) && owner.kind() == "agent"
}

fn to_agent(agent: &AgentRef) -> Owner {
    Owner::Agent { id: agent.id.clone(), name: agent.name.clone() }
}

/// Every reason against a command. Which one is told when there are several is not fixed.
pub fn objections(log: &Log, command: &Command, now: Millis) -> Vec<Refusal> {
    let (owner, status, fence) = (log.owner(), log.status(), log.fence());
    let ended = status == Status::Resolved;
    let holds = |agent: &AgentRef, seen: i64| {
        vec![
            (ended, Refusal::Resolved),
            (!has(&owner, agent), Refusal::NotOwner),
            (seen != fence, Refusal::Stale),
        ]
    };
    let asks_automation = |name: &str, seen: i64| {
        let its = owner.kind() == "automation" && owner.id() == Some(name);
        (!its || seen != fence, Refusal::Stale)
    };
    let reasons = match command {
        _ if is_so_already(log, command) => vec![],
        Command::Start { .. } | Command::VisitorMessage { .. } | Command::Note { .. } => vec![],
        Command::Handoff { .. } | Command::VisitorResolve { .. } | Command::Wake => vec![],
        Command::AgentMessage { agent, .. } => {
            vec![(ended, Refusal::Resolved), (!has(&owner, agent), Refusal::NotOwner)]
        }
        Command::Claim { fence: seen, .. } => vec![
            (ended, Refusal::Resolved),
            (owner.kind() == "agent", Refusal::Taken),
            (*seen != fence, Refusal::Stale),
        ],
        Command::Assign { fence: seen, .. } => {
            vec![(owner != Owner::Queue || status != Status::Open || *seen != fence, Refusal::Stale)]
        }
        Command::Transfer { agent, fence: seen, .. } => holds(agent, *seen),
        Command::AgentResolve { agent, fence: seen } => holds(agent, *seen),
        Command::Requeue { fence: seen, .. } => {
            vec![(seen.is_some_and(|seen| seen != fence), Refusal::Stale)]
        }
        Command::Reopen { agent, fence: seen } => vec![
            (status == Status::Open, Refusal::NotResolved),
            (status == Status::Snoozed && !has(&owner, agent), Refusal::NotOwner),
            (*seen != fence, Refusal::Stale),
        ],
        Command::Snooze { agent, fence: seen, until } => {
            let mut reasons = holds(agent, *seen);
            reasons.push((*until <= now || *until > now + YEAR, Refusal::BadTime));
            reasons
        }
        Command::Reply { automation, fence: seen, first, turn, .. } => {
            let newest = log.inbound().last().map_or(0, |(seq, _)| *seq);
            let open = log.unanswered();
            let behind = first.is_some_and(|first| !open.iter().any(|(seq, _)| *seq == first));
            vec![
                asks_automation(automation, *seen),
                (*turn > newest, Refusal::BadTurn),
                (behind && !answered(log, *turn), Refusal::Stale),
            ]
        }
        Command::Greet { automation, .. } => {
            let its = owner.kind() == "automation" && owner.id() == Some(automation.as_str());
            vec![(!its || !log.inbound().is_empty(), Refusal::Stale)]
        }
        Command::TurnFailed { automation, fence: seen, turn, .. } => {
            let newest = log.inbound().last().map_or(0, |(seq, _)| *seq);
            vec![asks_automation(automation, *seen), (*turn > newest, Refusal::BadTurn)]
        }
        Command::Tag { add, remove, .. } => {
            let fresh = add.iter().any(|tag| !log.tags().contains(tag));
            vec![(fresh && tags_after(log, add, remove).len() > 20, Refusal::TooManyTags)]
        }
        Command::Prioritise { .. } | Command::Regroup { .. } => vec![],
        Command::ByRule(Doing::Prioritise(_)) => vec![],
        Command::ByRule(Doing::Tag(tag)) => {
            let full = log.tags().len() >= 20 && !log.tags().contains(tag);
            vec![(full, Refusal::TooManyTags)]
        }
        Command::ByRule(Doing::Snooze(until)) => vec![
            (ended, Refusal::Resolved),
            (["automation", "none"].contains(&owner.kind()) && !ended, Refusal::NotOwner),
            (*until <= now || *until > now + YEAR, Refusal::BadTime),
        ],
        Command::ByRule(Doing::Send(_) | Doing::Give { .. } | Doing::Resolve) => {
            vec![(ended, Refusal::Resolved)]
        }
        Command::Rate { score, .. } => vec![(!(1..=5).contains(score), Refusal::BadScore)],
    };
    reasons.into_iter().filter(|(against, _)| *against).map(|(_, refusal)| refusal).collect()
}

/// A repeat by who already did it: told the state, and no second event.
fn is_so_already(log: &Log, command: &Command) -> bool {
    match command {
        Command::Claim { agent, .. } => has(&log.owner(), agent),
        Command::Reopen { agent, .. } => log.status() == Status::Open && has(&log.owner(), agent),
        Command::AgentResolve { agent, .. } => log.resolved_by() == Some(agent.author()),
        _ => false,
    }
}

/// Whether everything up to this message has had its answer.
fn answered(log: &Log, turn: i64) -> bool {
    log.unanswered().iter().all(|(seq, _)| *seq > turn)
}

/// What happens when nothing speaks against it.
pub fn happens(log: &Log, command: Command) -> Vec<What> {
    if is_so_already(log, &command) {
        return vec![];
    }
    let (owner, status) = (log.owner(), log.status());
    match command {
        Command::Start { visitor, to, facts } => {
            let (to, team) = lands(to);
            let event =
                Event { to: Some(to.clone()), team: Some(team), ..Event::new("started", visitor.clone()) };
            with_message_left(vec![What::Event(event)], &to, &visitor, &facts)
        }
        Command::VisitorMessage { visitor, text, facts, .. } => {
            let said = What::Said { by: visitor.clone(), text: text.into() };
            match status {
                Status::Open => vec![said],
                Status::Snoozed => vec![reopens(log, visitor, owner), said],
                Status::Resolved => {
                    let mut all = goes_on(log, &visitor, &facts);
                    all.insert(1, said);
                    all
                }
            }
        }
        Command::AgentMessage { agent, text, .. } => {
            vec![What::Said { by: agent.author(), text: text.into() }]
        }
        Command::Note { agent, .. } => vec![What::Noted { by: agent.author() }],
        Command::Handoff { by, team, facts, .. } => hands_over(log, &by, team, &facts),
        Command::Claim { agent, .. } => {
            vec![What::Event(Event { to: Some(to_agent(&agent)), ..Event::new("assigned", agent.author()) })]
        }
        Command::Assign { agent, answer_by, .. } => {
            let by = Event::new("assigned", Author::system());
            vec![What::Event(Event { to: Some(to_agent(&agent)), time: Some(answer_by), ..by })]
        }
        Command::Transfer { agent, to, note, .. } => {
            let (to, team) = lands(to);
            let mut all: Vec<What> = note.into_iter().map(|_| What::Noted { by: agent.author() }).collect();
            if to != owner {
                let team = (to == Owner::Queue).then_some(team);
                let event = Event::new("transferred", agent.author());
                all.push(What::Event(Event { to: Some(to), team, status: Some(Status::Open), ..event }));
            }
            all
        }
        Command::Requeue { reason, .. } if owner.kind() == "agent" => {
            let event = Event::new("requeued", Author::system());
            vec![What::Event(Event { to: Some(Owner::Queue), reason, ..event })]
        }
        Command::Requeue { .. } => vec![],
        Command::AgentResolve { agent, .. } => vec![ends(agent.author())],
        Command::VisitorResolve { .. } if status == Status::Resolved => vec![],
        Command::VisitorResolve { visitor } => vec![ends(visitor)],
        Command::Reopen { agent, .. } => vec![reopens(log, agent.author(), to_agent(&agent))],
        Command::Snooze { until, .. } if log.snoozed_until() == Some(until) => vec![],
        Command::Snooze { agent, until, .. } => {
            let event = Event::new("snoozed", agent.author());
            vec![What::Event(Event { status: Some(Status::Snoozed), time: Some(until), ..event })]
        }
        Command::Wake if status == Status::Snoozed => vec![reopens(log, Author::system(), owner)],
        Command::Wake => vec![],
        Command::Reply { turn, .. } if answered(log, turn) => vec![],
        Command::Reply { automation, title, turn, reply, facts, .. } => {
            replies(log, &Author::automation(automation, title), turn, reply, &facts)
        }
        Command::Greet { automation, title, messages, tags } => {
            let by = Author::automation(automation, title);
            let said = messages.into_iter().take(10);
            let mut all: Vec<What> =
                said.map(|(text, _)| What::Said { by: by.clone(), text: text.into() }).collect();
            if !tags.is_empty() {
                all.push(What::Tagged(tags));
            }
            all
        }
        Command::TurnFailed { turn, .. } if answered(log, turn) => vec![],
        Command::TurnFailed { attempts, retry_at, .. } if attempts < 3 => {
            vec![What::Missed { attempts, retry_at }]
        }
        Command::TurnFailed { facts, .. } => hands_over(log, &Author::system(), None, &facts),
        Command::Tag { add, remove, .. } => {
            let (before, after) = (log.tags(), tags_after(log, &add, &remove));
            let only_in = |a: &BTreeSet<String>, b: &[String]| -> Vec<String> {
                a.iter().filter(|tag| !b.contains(tag)).cloned().collect()
            };
            let after_list: Vec<String> = after.iter().cloned().collect();
            let gone = only_in(&before.iter().cloned().collect(), &after_list);
            // In the order in which they were named.
            let mut fresh = only_in(&after, &before);
            fresh.sort_by_key(|tag| add.iter().position(|named| named == tag));
            let changes = [What::Untagged(gone), What::Tagged(fresh)];
            changes
                .into_iter()
                .filter(|what| !matches!(what, What::Untagged(t) | What::Tagged(t) if t.is_empty()))
                .collect()
        }
        Command::ByRule(doing) => rule_does(log, doing),
        Command::Prioritise { priority, .. } => prioritised(log, priority),
        Command::Regroup { team } if log.team() == team => vec![],
        Command::Regroup { team } => vec![What::Regrouped(team)],
        // No comments are played: the same score is the same rating.
        Command::Rate { score, .. } if log.rating() == Some(score) => vec![],
        Command::Rate { score, .. } => vec![What::Rated(score)],
    }
}

fn prioritised(log: &Log, priority: Priority) -> Vec<What> {
    let number = [Priority::Low, Priority::Normal, Priority::High, Priority::Urgent];
    let number = number.iter().position(|one| *one == priority).unwrap();
    let number = i64::try_from(number).unwrap() - 1;
    if number == log.priority() { vec![] } else { vec![What::Prioritised(number)] }
}

/// A rule acts as Switchboard itself, whoever has the conversation.
fn rule_does(log: &Log, doing: Doing) -> Vec<What> {
    let by = Author::system();
    match doing {
        Doing::Tag(tag) if log.tags().contains(&tag) => vec![],
        Doing::Tag(tag) => vec![What::Tagged(vec![tag])],
        Doing::Prioritise(priority) => prioritised(log, priority),
        Doing::Send(text) => vec![What::Said { by, text: text.into() }],
        Doing::Give { to, facts } => {
            let (to, team) = lands(to);
            let (owner, queue) = (log.owner(), to == Owner::Queue);
            let here = match (&owner, &to) {
                (Owner::Queue, Owner::Queue) => log.team() == team,
                (Owner::Automation { id, .. }, Owner::Automation { id: other, .. }) => id == other,
                _ => false,
            };
            if here {
                return vec![];
            }
            if owner.kind() == "automation" && queue {
                return hands_over(log, &by, team.or_else(|| facts.handoff_team.clone()), &facts);
            }
            if owner == Owner::Queue && queue {
                return vec![What::Regrouped(team)];
            }
            let event = Event::new("transferred", by);
            let (team, status) = (queue.then_some(team), Some(Status::Open));
            vec![What::Event(Event { to: Some(to), team, status, ..event })]
        }
        Doing::Snooze(until) if log.snoozed_until() == Some(until) => vec![],
        Doing::Snooze(until) => {
            let event = Event::new("snoozed", by);
            vec![What::Event(Event { status: Some(Status::Snoozed), time: Some(until), ..event })]
        }
        Doing::Resolve => vec![ends(by)],
    }
}

/// What it has without `remove` and with `add`.
fn tags_after(log: &Log, add: &[String], remove: &[String]) -> BTreeSet<String> {
    let kept = log.tags().into_iter().filter(|tag| !remove.contains(tag));
    kept.chain(add.iter().cloned()).collect()
}

fn lands(to: Target) -> (Owner, Option<TeamId>) {
    match to {
        Target::Agent(agent) => (to_agent(&agent), None),
        Target::Team(team) => (Owner::Queue, team),
        Target::Automation { name, title } => (Owner::Automation { id: name, name: title }, None),
    }
}

fn ends(by: Author) -> What {
    What::Event(Event { to: Some(Owner::None), status: Some(Status::Resolved), ..Event::new("resolved", by) })
}

fn reopens(log: &Log, by: Author, to: Owner) -> What {
    let to = (to != log.owner()).then_some(to);
    What::Event(Event { to, status: Some(Status::Open), ..Event::new("reopened", by) })
}

/// To the last team's queue if people ever had it, otherwise to its automation if active, otherwise to people.
fn goes_on(log: &Log, visitor: &Author, facts: &Facts) -> Vec<What> {
    let automation = log.automation().zip(facts.automation.clone()).filter(|_| !log.had_people());
    let to = automation.map_or(Owner::Queue, |(id, name)| Owner::Automation { id, name });
    with_message_left(vec![reopens(log, visitor.clone(), to.clone())], &to, visitor, facts)
}

/// Whoever comes to people when nobody is there leaves a message.
fn with_message_left(mut all: Vec<What>, to: &Owner, by: &Author, facts: &Facts) -> Vec<What> {
    if *to == Owner::Queue && !facts.people_available {
        all.push(What::Event(Event::new("left_message", by.clone())));
    }
    all
}

fn hands_over(log: &Log, by: &Author, team: Option<TeamId>, facts: &Facts) -> Vec<What> {
    let first = match log.owner() {
        Owner::Automation { .. } => {
            let event = Event::new("handed_off", by.clone());
            What::Event(Event { to: Some(Owner::Queue), team: Some(team), ..event })
        }
        Owner::None => reopens(log, by.clone(), Owner::Queue),
        // People have it.
        Owner::Queue | Owner::Agent { .. } => return vec![],
    };
    with_message_left(vec![first], &Owner::Queue, by, facts)
}

fn replies(log: &Log, by: &Author, turn: i64, reply: Reply, facts: &Facts) -> Vec<What> {
    let passes = matches!(reply.then, Then::Pass { .. });
    let room = 10_usize.saturating_sub(facts.streak);
    let owner = log.owner();
    let to_itself = match &reply.then {
        Then::Pass { name, .. } => matches!(&owner, Owner::Automation { id, .. } if id == name),
        _ => false,
    };
    let looping = to_itself || reply.messages.len() + usize::from(passes) > room;
    let said = reply.messages.into_iter().take(room);
    let mut all: Vec<What> = said.map(|(text, _)| What::Said { by: by.clone(), text: text.into() }).collect();
    // Whom it is passed on to is to answer the newest message.
    all.push(What::Turn { seq: if passes && !looping { turn - 1 } else { turn } });
    if !reply.tags.is_empty() {
        all.push(What::Tagged(reply.tags));
    }
    let read_to_the_end = log.inbound().last().is_some_and(|(newest, _)| *newest == turn);
    match reply.then {
        _ if looping => all.extend(hands_over(log, &Author::system(), None, facts)),
        Then::Handoff { team, .. } => {
            all.extend(reply.note.map(|_| What::Noted { by: by.clone() }));
            all.extend(hands_over(log, by, team, facts));
        }
        Then::Pass { name, title } => {
            let to = Some(Owner::Automation { id: name, name: title });
            let event = Event { to, status: Some(Status::Open), ..Event::new("transferred", by.clone()) };
            all.push(What::Event(event));
        }
        Then::Resolve if read_to_the_end => all.push(ends(by.clone())),
        Then::Resolve | Then::Wait => {}
    }
    all
}
