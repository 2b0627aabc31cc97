//! Walks both statements of the rules side by side.

use crate::expect::{happens, objections};
use crate::log::{Log, What, is_line};
use crate::people::{Step, Whom, command, fresh, step, visitor, whom};
use proptest::prelude::*;
use switchboard_domain::conversation::{Command, Facts, decide, record};
use switchboard_domain::{Conversation, Entry, EntryKind, Millis, Owner, Refusal, Status};

/// Carries out a command as the database manager does; checks each event on the way.
fn act(c: &Conversation, command: Command, now: Millis) -> Result<(Conversation, Vec<Entry>), Refusal> {
    let events = decide(c, command, now)?;
    let (mut c, mut entries) = (c.clone(), vec![]);
    for (n, event) in events.iter().enumerate() {
        let id = format!("e{now}-{n}").parse().unwrap();
        let (after, entry) = record(c.clone(), event, id, now);
        one_event_for_one_change(&c, &after, entry.as_ref());
        entries.extend(entry);
        c = after;
    }
    Ok((c, entries))
}

/// Every change of owner or status is exactly one event entry, and the fence rises with the owner and with nothing else.
fn one_event_for_one_change(before: &Conversation, after: &Conversation, entry: Option<&Entry>) {
    let changed = (&before.owner, before.status) != (&after.owner, after.status);
    let event = entry.filter(|entry| entry.kind == EntryKind::Event);
    match event {
        None => assert!(!changed, "a change without an event: {before:?} → {after:?}"),
        Some(event) if changed => assert!(!event.body.contains("left_message")),
        // What changes neither: leaving a message, and another end for a snooze.
        Some(event) => assert!(
            event.body.contains("left_message") || before.snoozed_until != after.snoozed_until,
            "an event without a change: {event:?}"
        ),
    }
    assert_eq!(after.fence, before.fence + i64::from(before.owner != after.owner));
}

/// The conversation is what its history says.
fn is_as_the_log_says(c: &Conversation, log: &Log) {
    assert_eq!((&c.owner, c.status, c.fence), (&log.owner(), log.status(), log.fence()));
    assert_eq!((c.head, c.public_head, c.updated_at), (log.head(), log.public_head(), log.updated_at()));
    let inbound: Vec<i64> = log.inbound().iter().map(|(seq, _)| *seq).collect();
    assert_eq!(c.inbound, i64::try_from(inbound.len()).unwrap());
    assert_eq!(c.last_inbound, inbound.last().copied().unwrap_or(0));
    let unanswered: Vec<i64> = inbound.into_iter().filter(|seq| *seq > c.answered).collect();
    let expected: Vec<i64> = log.unanswered().iter().map(|(seq, _)| *seq).collect();
    assert_eq!(unanswered, expected, "unanswered messages");
    assert_eq!(c.is_unanswered(), !expected.is_empty());
    assert_eq!(c.due_at, log.due_at(), "due");
    assert_eq!((c.waiting_since, c.queued_at), (log.waiting_since(), log.queued_at()), "waiting, queued");
    assert_eq!((c.snoozed_until, c.attempts), (log.snoozed_until(), log.attempts()));
    assert_eq!((&c.team, &c.automation, c.had_people), (&log.team(), &log.automation(), log.had_people()));
    assert_eq!(c.people_answered, log.people_answered());
    assert_eq!(c.missed_by.as_ref().map(ToString::to_string), log.missed_by());
    assert_eq!(c.resolved_by, log.resolved_by().map(|author| author.sender()));
    assert_eq!(c.preview, log.last_said().unwrap_or_default());
    assert_eq!((&c.tags, c.priority, c.rating), (&log.tags(), log.priority(), log.rating()));
}

/// What is true of every conversation at every moment, whatever the log says.
fn is_sound(c: &Conversation) {
    assert_eq!(c.owner == Owner::None, c.status == Status::Resolved, "resolved means owner none");
    assert_eq!(c.status == Status::Snoozed, c.snoozed_until.is_some());
    if c.status == Status::Snoozed {
        assert_eq!(c.due_at, c.snoozed_until, "a snooze always ends");
    } else if c.owner.kind() == "automation" {
        assert_eq!(c.due_at.is_some(), c.is_unanswered(), "due exactly while an automation owes an answer");
    }
    assert!(c.is_unanswered() <= (c.status != Status::Resolved), "an end leaves nothing to be answered");
    assert_eq!((c.head == 0, c.public_head == 0), (c.head_id.is_none(), c.public_head_id.is_none()));
}

/// The entries are what happened, in order, numbered without gaps, each with what the visitor saw before it.
fn entries_follow(entries: &[Entry], before: &Log, after: &Log) {
    let lines: Vec<_> = after.lines().skip(usize::try_from(before.head()).unwrap()).collect();
    assert_eq!(entries.len(), lines.len(), "{entries:?} for {lines:?}");
    for (entry, (seq, fact)) in entries.iter().zip(lines) {
        assert_eq!((entry.seq, entry.at), (seq, fact.at));
        assert_eq!(entry.public_before, after.public_before(seq));
        let body: serde_json::Value = serde_json::from_str(&entry.body).unwrap();
        let (kind, author) = match &fact.what {
            What::Said { by, text } => {
                assert_eq!(body["text"], text.as_str());
                (EntryKind::Message, by)
            }
            What::Noted { by } => (EntryKind::Note, by),
            What::Event(event) => {
                assert_eq!(body["event"], event.name);
                (EntryKind::Event, &event.by)
            }
            other => unreachable!("{other:?} is no line"),
        };
        assert_eq!((entry.kind, &entry.author), (kind, author));
        assert_eq!(entry.public, kind != EntryKind::Note, "a note is never for the visitor");
    }
}

/// One command on both sides.
fn step_both(c: &mut Conversation, log: &mut Log, command: Command, now: Millis) {
    let against = objections(log, &command, now);
    match act(c, command.clone(), now) {
        Err(refusal) => assert!(against.contains(&refusal), "{command:?}: {refusal:?}, expected {against:?}"),
        Ok((after, entries)) => {
            assert_eq!(against, [], "{command:?} should be refused");
            let before = log.clone();
            let whats = happens(log, command);
            let nothing = !whats.iter().any(is_line) && whats.is_empty();
            log.add(now, whats);
            entries_follow(&entries, &before, log);
            assert!(!nothing || *c == after, "nothing happened, and nothing changed");
            *c = after;
        }
    }
    is_as_the_log_says(c, log);
    is_sound(c);
}

fn start(to: Whom, there: bool) -> Command {
    let facts = Facts { people_available: there, automation: None, ..Facts::default() };
    Command::Start { visitor: visitor(), to: to.target(), facts }
}

fn steps() -> impl Strategy<Value = Vec<(Step, Millis)>> {
    prop::collection::vec((step(), 0i64..40), 1..80)
}

proptest! {
    #[test]
    fn both_statements_of_the_rules_agree(to in whom(), there in any::<bool>(), steps in steps()) {
        let (mut c, mut log, mut now) = (fresh(), Log::default(), 1);
        step_both(&mut c, &mut log, start(to, there), now);
        for (step, pause) in steps {
            now += pause;
            let command = command(&c, &log, &step, now);
            step_both(&mut c, &mut log, command, now);
        }
    }

    /// Whatever number of actors saw the same state and act on it: with one fence, one change of owner.
    #[test]
    fn of_any_who_act_on_one_fence_one_changes_hands(to in whom(), before in steps(), rivals in prop::collection::vec(step(), 2..9)) {
        let (mut c, mut log, mut now) = (fresh(), Log::default(), 1);
        step_both(&mut c, &mut log, start(to, true), now);
        for (step, pause) in before {
            now += pause;
            let command = command(&c, &log, &step, now);
            step_both(&mut c, &mut log, command, now);
        }
        let seen = c.clone();
        let mut winners = 0;
        for step in rivals {
            // All look at the state that was, not at the one that the others have made.
            let command = command(&seen, &log, &step, now);
            if !carries_fence(&command) {
                continue;
            }
            let fence = c.fence;
            step_both(&mut c, &mut log, command, now);
            let seen_fence = fence == seen.fence;
            prop_assert!(seen_fence || c.fence == fence || off_by_luck(&step), "{step:?} won with an old fence");
            winners += i64::from(c.fence != fence && seen_fence);
        }
        prop_assert!(winners <= 1);
    }
}

fn carries_fence(command: &Command) -> bool {
    !matches!(
        command,
        Command::VisitorMessage { .. }
            | Command::AgentMessage { .. }
            | Command::Note { .. }
            | Command::Handoff { .. }
            | Command::Requeue { fence: None, .. }
            | Command::VisitorResolve { .. }
            | Command::Wake
            | Command::Rate { .. }
            | Command::ByRule(_)
            | Command::Start { .. }
    )
}

/// Whether the step made up a fence, which may be the right one by chance.
fn off_by_luck(step: &Step) -> bool {
    match step {
        Step::Claim { off, .. }
        | Step::Assign { off, .. }
        | Step::Transfer { off, .. }
        | Step::Requeue { off: Some(off), .. }
        | Step::Resolve { off, .. }
        | Step::Reopen { off, .. }
        | Step::Snooze { off, .. }
        | Step::Reply { off, .. }
        | Step::Fail { off, .. } => *off != 0,
        _ => false,
    }
}
