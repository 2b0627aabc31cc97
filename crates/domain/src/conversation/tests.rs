//! Random commands, and what must be true after each of them.

use super::*;
use crate::author::Author;
use crate::automation::{Reply, Then};
use crate::clock::Millis;
use crate::message::Text;
use proptest::prelude::*;

fn text(s: &str) -> Text {
    Text::try_from(s.to_owned()).unwrap()
}
fn visitor() -> Author {
    Author::visitor("v1", "Ada")
}
fn agent(n: u8) -> AgentRef {
    AgentRef { id: format!("a{n}").parse().unwrap(), name: format!("Agent {n}") }
}
fn fresh() -> Conversation {
    Conversation::new("c1".parse().unwrap(), "v1".parse().unwrap(), "Ada".into(), 0)
}
fn facts(people_available: bool, automation: bool) -> Facts {
    Facts { people_available, automation: automation.then(|| "Mat".into()) }
}
fn mat() -> Target {
    Target::Automation { name: "mat".into(), title: "Mat".into() }
}

/// Carries out a command as the database manager does.
fn act(c: Conversation, command: Command, now: Millis) -> Result<(Conversation, Vec<crate::Entry>), Refusal> {
    let events = decide(&c, command, now)?;
    let mut entries = vec![];
    let c = events.iter().enumerate().fold(c, |c, (n, event)| {
        let (c, entry) = record(c, event, format!("e{now}-{n}").parse().unwrap(), now);
        entries.extend(entry);
        c
    });
    Ok((c, entries))
}

fn started(to: Target) -> Conversation {
    let command = Command::Start { visitor: visitor(), to, facts: facts(true, true) };
    act(fresh(), command, 1).unwrap().0
}
fn ask(c: Conversation, words: &str) -> Conversation {
    let facts = facts(true, true);
    let command = Command::VisitorMessage { visitor: visitor(), text: text(words), client: None, facts };
    act(c, command, 2).unwrap().0
}
fn reply(c: &Conversation, turn: i64, words: usize, then: Then) -> Command {
    let messages = (0..words).map(|n| (text(&format!("word {n}")), vec![])).collect();
    Command::Reply {
        automation: "mat".into(),
        title: "Mat".into(),
        fence: c.fence,
        turn,
        reply: Reply { messages, then, tags: vec![] },
        facts: facts(true, true),
    }
}

#[test]
fn a_turn_is_applied_once_and_a_late_reply_is_refused() {
    let c = ask(started(mat()), "how are you?");
    assert_eq!((c.head, c.due_at), (2, Some(2)));
    let again = reply(&c, 2, 1, Then::Wait);
    let (c, entries) = act(c, again.clone(), 3).unwrap();
    assert_eq!((entries.len(), c.due_at, c.is_unanswered()), (1, None, false));
    let (c, entries) = act(c, again.clone(), 4).unwrap();
    assert_eq!(entries.len(), 0, "the same turn again says nothing");
    let hand = Command::Handoff { by: visitor(), team: None, reason: None, facts: facts(true, true) };
    let (c, _) = act(c, hand, 5).unwrap();
    assert_eq!(act(c, again, 6), Err(Refusal::Stale));
}

#[test]
fn what_passes_ten_messages_in_a_row_is_dropped_and_people_take_over() {
    let c = ask(started(mat()), "go");
    let (at_ten, _) = act(c.clone(), reply(&c, 2, 10, Then::Wait), 3).unwrap();
    assert!(at_ten.owner.is_automation("mat"));
    let (c, entries) = act(c.clone(), reply(&c, 2, 12, Then::Wait), 3).unwrap();
    assert_eq!((entries.len(), c.owner), (11, Owner::Queue));
}

#[test]
fn three_failed_attempts_bring_people() {
    let mut c = ask(started(mat()), "go");
    for attempts in 1..=3 {
        let fence = c.fence;
        let failed = Command::TurnFailed {
            automation: "mat".into(),
            fence,
            turn: 2,
            attempts,
            retry_at: 9,
            facts: facts(false, true),
        };
        let (next, entries) = act(c, failed, 8).unwrap();
        assert_eq!(entries.len(), if attempts < 3 { 0 } else { 2 });
        c = next;
    }
    assert_eq!((c.owner, c.due_at), (Owner::Queue, None));
}

#[test]
fn two_claims_have_one_winner_and_the_winner_may_repeat() {
    let c = started(Target::Team(None));
    let fence = c.fence;
    let (c, _) = act(c, Command::Claim { agent: agent(1), fence }, 3).unwrap();
    assert_eq!(decide(&c, Command::Claim { agent: agent(2), fence }, 4), Err(Refusal::Taken));
    assert_eq!(decide(&c, Command::Claim { agent: agent(1), fence }, 4), Ok(vec![]));
}

#[test]
fn an_agent_who_does_not_answer_loses_it_and_is_remembered() {
    let c = started(Target::Team(None));
    let fence = c.fence;
    let (c, _) = act(c, Command::Assign { agent: agent(1), fence, answer_by: 63 }, 3).unwrap();
    assert_eq!(c.due_at, Some(63));
    let fence = Some(c.fence);
    let (c, _) = act(c, Command::Requeue { fence, reason: decide::NO_ANSWER }, 63).unwrap();
    assert_eq!((c.owner.clone(), c.missed_by.clone()), (Owner::Queue, Some(agent(1).id)));
    let fence = c.fence;
    let (c, _) = act(c, Command::Claim { agent: agent(1), fence }, 70).unwrap();
    assert_eq!(c.missed_by, None);
}

#[test]
fn writing_again_reopens_where_it_belongs() {
    let end = Command::VisitorResolve { visitor: visitor() };
    let (c, _) = act(started(mat()), end.clone(), 3).unwrap();
    assert_eq!((c.status, c.owner.clone()), (Status::Resolved, Owner::None));
    let c = ask(c, "still there?");
    assert!(c.owner.is_automation("mat") && c.due_at.is_some());
    let (c, _) = act(started(Target::Team(None)), end, 3).unwrap();
    assert_eq!(ask(c, "hello?").owner, Owner::Queue);
}

#[test]
fn a_snooze_ends_with_the_visitors_next_message() {
    let c = started(Target::Team(None));
    let fence = c.fence;
    let (c, _) = act(c, Command::Claim { agent: agent(1), fence }, 3).unwrap();
    let fence = c.fence;
    let (c, _) = act(c, Command::Snooze { agent: agent(1), fence, until: 99 }, 4).unwrap();
    assert_eq!((c.status, c.due_at, c.fence), (Status::Snoozed, Some(99), fence));
    let (c, _) =
        act(c, Command::AgentMessage { agent: agent(1), text: text("I shall ask"), client: None }, 5)
            .unwrap();
    assert_eq!((c.status, c.due_at), (Status::Snoozed, Some(99)), "what the agent writes does not end it");
    let c = ask(c, "one more thing");
    assert_eq!((c.status, c.snoozed_until, c.due_at), (Status::Open, None, None));
    assert!(c.owner.is_agent(&agent(1).id));
}

#[test]
fn a_snooze_outlives_its_agent_and_whoever_claims_it() {
    let c = started(Target::Team(None));
    let fence = c.fence;
    let (c, _) = act(c, Command::Claim { agent: agent(1), fence }, 3).unwrap();
    let fence = c.fence;
    let (c, _) = act(c, Command::Snooze { agent: agent(1), fence, until: 99 }, 4).unwrap();
    let (c, _) = act(c, Command::Requeue { fence: None, reason: "offline" }, 5).unwrap();
    let fence = c.fence;
    let (c, _) = act(c, Command::Claim { agent: agent(2), fence }, 6).unwrap();
    check(&c);
    assert_eq!((c.status, c.due_at), (Status::Snoozed, Some(99)));
    let (c, _) = act(c, Command::Wake, 99).unwrap();
    assert_eq!((c.status, c.due_at), (Status::Open, None));
    assert!(c.owner.is_agent(&agent(2).id));
}

#[test]
fn an_automation_does_not_end_what_the_visitor_goes_on_with() {
    let c = ask(ask(started(mat()), "bye"), "one more thing");
    let (c, entries) = act(c.clone(), reply(&c, 2, 1, Then::Resolve), 3).unwrap();
    assert_eq!((entries.len(), c.status, c.due_at), (1, Status::Open, Some(3)), "the next turn is due");
    let (c, _) = act(c.clone(), reply(&c, 3, 1, Then::Resolve), 4).unwrap();
    assert_eq!(c.status, Status::Resolved);
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Say(bool),
    Answer(u8),
    Note(u8),
    Hand(bool),
    Claim(u8, i64),
    Assign(u8, i64),
    Pass(u8, i64, u8),
    Requeue(Option<i64>),
    Resolve(u8, i64),
    End,
    Reopen(u8, i64),
    Snooze(u8, i64),
    Wake,
    Reply(i64, usize, u8),
    Fail(i64, i64),
}

fn step() -> impl Strategy<Value = Step> {
    let a = 0u8..3;
    let back = 0i64..2;
    prop_oneof![
        3 => any::<bool>().prop_map(Step::Say),
        3 => a.clone().prop_map(Step::Answer),
        1 => a.clone().prop_map(Step::Note),
        1 => any::<bool>().prop_map(Step::Hand),
        2 => (a.clone(), back.clone()).prop_map(|(a, f)| Step::Claim(a, f)),
        1 => (a.clone(), back.clone()).prop_map(|(a, f)| Step::Assign(a, f)),
        2 => (a.clone(), back.clone(), 0u8..6).prop_map(|(a, f, t)| Step::Pass(a, f, t)),
        1 => prop::option::of(back.clone()).prop_map(Step::Requeue),
        1 => (a.clone(), back.clone()).prop_map(|(a, f)| Step::Resolve(a, f)),
        1 => Just(Step::End),
        1 => (a.clone(), back.clone()).prop_map(|(a, f)| Step::Reopen(a, f)),
        1 => (a, back.clone()).prop_map(|(a, f)| Step::Snooze(a, f)),
        1 => Just(Step::Wake),
        3 => (back.clone(), 0usize..13, 0u8..3).prop_map(|(f, n, t)| Step::Reply(f, n, t)),
        1 => (back, 1i64..4).prop_map(|(f, n)| Step::Fail(f, n)),
    ]
}

/// The command of a step; a `back` of 1 makes its fence stale.
fn command(c: &Conversation, step: Step, now: Millis) -> Command {
    let fence = |back: i64| c.fence - back;
    let all = facts(true, true);
    match step {
        Step::Say(people_available) => Command::VisitorMessage {
            visitor: visitor(),
            text: text("hi"),
            client: None,
            facts: facts(people_available, true),
        },
        Step::Answer(a) => Command::AgentMessage { agent: agent(a), text: text("yes"), client: None },
        Step::Note(a) => Command::Note { agent: agent(a), text: text("psst"), client: None },
        Step::Hand(there) => {
            Command::Handoff { by: visitor(), team: None, reason: None, facts: facts(there, true) }
        }
        Step::Claim(a, back) => Command::Claim { agent: agent(a), fence: fence(back) },
        Step::Assign(a, back) => Command::Assign { agent: agent(a), fence: fence(back), answer_by: now + 60 },
        Step::Pass(a, back, to) => {
            let to = match to {
                0..=2 => Target::Agent(agent(to)),
                3 => Target::Team(Some("t1".parse().unwrap())),
                4 => Target::Team(None),
                _ => mat(),
            };
            Command::Transfer { agent: agent(a), fence: fence(back), to, note: Some(text("look")) }
        }
        Step::Requeue(back) => Command::Requeue { fence: back.map(fence), reason: "offline" },
        Step::Resolve(a, back) => Command::AgentResolve { agent: agent(a), fence: fence(back) },
        Step::End => Command::VisitorResolve { visitor: visitor() },
        Step::Reopen(a, back) => Command::Reopen { agent: agent(a), fence: fence(back) },
        Step::Snooze(a, back) => Command::Snooze { agent: agent(a), fence: fence(back), until: now + 50 },
        Step::Wake => Command::Wake,
        Step::Reply(back, words, then) => {
            let then = match then {
                0 => Then::Wait,
                1 => Then::Handoff { team: None, reason: None },
                _ => Then::Resolve,
            };
            let mut command = reply(c, c.last_inbound, words, then);
            if let Command::Reply { fence: f, .. } = &mut command {
                *f = fence(back);
            }
            command
        }
        Step::Fail(back, attempts) => Command::TurnFailed {
            automation: "mat".into(),
            fence: fence(back),
            turn: c.last_inbound,
            attempts,
            retry_at: now + 5,
            facts: all,
        },
    }
}

/// What is true of every conversation at every moment.
fn check(c: &Conversation) {
    assert_eq!(c.owner == Owner::None, c.status == Status::Resolved, "resolved means owner none");
    assert_eq!(c.owner == Owner::Queue, c.queued_at.is_some(), "in the queue since when");
    assert_eq!(c.status == Status::Snoozed, c.snoozed_until.is_some());
    assert!(c.public_head <= c.head && c.answered <= c.head && c.last_inbound <= c.head);
    if c.status == Status::Snoozed {
        assert_eq!(c.due_at, c.snoozed_until, "a snooze always ends");
    }
    if matches!(c.owner, Owner::Automation { .. }) && c.is_unanswered() {
        assert!(c.due_at.is_some(), "an unanswered visitor of an automation is always due: no limbo");
    }
    if matches!(c.owner, Owner::Queue | Owner::Agent { .. }) {
        assert!(c.had_people);
    }
}

proptest! {
    #[test]
    fn the_rules_hold_whatever_is_asked(with_people in any::<bool>(), steps in prop::collection::vec(step(), 1..60)) {
        let mut c = started(if with_people { Target::Team(None) } else { mat() });
        check(&c);
        for (n, step) in steps.into_iter().enumerate() {
            let now = 10 + n as Millis;
            let before = c.clone();
            let Ok((after, entries)) = act(c.clone(), command(&c, step, now), now) else { continue };
            check(&after);
            let seqs: Vec<i64> = entries.iter().map(|e| e.seq).collect();
            let expected: Vec<i64> = (before.head + 1..=after.head).collect();
            prop_assert_eq!(seqs, expected, "no gap, nothing twice");
            let changes = entries.iter().filter(|e| e.kind == crate::EntryKind::Event).count() as i64;
            if after.owner != before.owner || after.status != before.status {
                prop_assert!(changes >= 1, "a change is an entry: {:?}", step);
            }
            if after.owner != before.owner {
                prop_assert!(after.fence > before.fence);
            }
            prop_assert!(after.fence - before.fence <= changes);
            c = after;
        }
    }
}
