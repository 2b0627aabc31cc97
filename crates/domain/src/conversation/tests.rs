//! The rules by example; `tests/rules` walks them at random against a second statement of them.

use super::*;
use crate::author::Author;
use crate::automation::{Reply, Then};
use crate::clock::Millis;
use crate::message::Text;

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
    Facts { people_available, automation: automation.then(|| "Mat".into()), ..Facts::default() }
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
        first: Some(c.answered + 1),
        turn,
        reply: Reply { messages, then, tags: vec![], note: None },
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
fn of_two_turns_that_were_read_at_once_one_is_applied() {
    let c = ask(ask(started(mat()), "one"), "two");
    let (shorter, longer) = (reply(&c, 2, 1, Then::Wait), reply(&c, 3, 2, Then::Wait));
    let (after, _) = act(c.clone(), shorter.clone(), 4).unwrap();
    assert_eq!(act(after, longer.clone(), 5), Err(Refusal::Stale), "the first message has its answer");
    let (after, _) = act(c, longer, 4).unwrap();
    assert_eq!(act(after, shorter, 5).unwrap().1.len(), 0, "it is answered already");
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
