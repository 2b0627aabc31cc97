mod random;
mod world;

use std::collections::BTreeSet;

use serde_json::json;

use super::{Entry, Kind, Seen, check};
use world::World;

/// The kinds of violation in a world, each once.
fn kinds(world: &World) -> Vec<Kind> {
    let found = check(&world.record, &world.histories);
    let kinds: BTreeSet<Kind> = found.iter().map(|violation| violation.kind).collect();
    kinds.into_iter().collect()
}

/// A world in which something of everything has happened.
fn good() -> World {
    let mut world = World::new();
    world.say("vera", "people", "hello");
    let note = world.send("maya", "people", "note", "a note");
    world.store(&note);
    world.ack(&note);
    world.say("maya", "people", "good morning");
    world.say("olga", "mat", "how are you?");
    world.answer("mat", "mat mat mat?");
    world.show_all();
    world
}

#[test]
fn kept_promises_are_no_violation() {
    assert_eq!(check(&good().record, &good().histories), []);
}

#[test]
fn acknowledged_and_not_stored_is_lost() {
    let mut world = World::new();
    let id = world.say("vera", "people", "hello");
    for entries in world.histories.values_mut() {
        entries.staff.retain(|entry| entry.client_msg_id() != Some(&id));
        entries.visitor.retain(|entry| entry.client_msg_id() != Some(&id));
    }
    world.show_all();
    assert_eq!(kinds(&world), [Kind::Lost]);
}

#[test]
fn tried_and_neither_acknowledged_nor_stored_is_nothing() {
    let mut world = good();
    world.send("vera", "people", "message", "never arrived");
    assert_eq!(kinds(&world), []);
}

#[test]
fn stored_and_not_acknowledged_is_nothing() {
    let mut world = World::new();
    let id = world.send("vera", "people", "message", "the ack was lost");
    world.store(&id);
    world.show_all();
    assert_eq!(kinds(&world), []);
}

#[test]
fn stored_twice_is_doubled() {
    let mut world = World::new();
    let id = world.say("vera", "people", "hello");
    world.store(&id);
    world.show_all();
    assert!(kinds(&world).contains(&Kind::Doubled));
}

#[test]
fn one_entry_under_two_numbers_is_doubled() {
    let mut world = World::new();
    world.say("vera", "people", "one");
    world.say("vera", "people", "two");
    let id = world.entry("people", 2).0["id"].clone();
    world.entry("people", 3).0["id"] = id;
    assert!(kinds(&world).contains(&Kind::Doubled));
}

#[test]
fn a_missing_number_is_a_gap() {
    let mut world = World::new();
    world.event("people", &json!({ "event": "assigned" }));
    world.event("people", &json!({ "event": "requeued" }));
    world.histories.values_mut().for_each(|history| {
        history.staff.retain(|entry| entry.seq() != 2);
        history.visitor.retain(|entry| entry.seq() != 2);
    });
    world.show_some("vera", &[1, 3]);
    assert!(kinds(&world).contains(&Kind::Gap));
}

#[test]
fn acknowledgements_that_differ_disagree() {
    let mut world = good();
    let mut other = world.record.acks[0].clone();
    other.seq += 1;
    world.record.acks.push(other);
    assert_eq!(kinds(&world), [Kind::Disagrees]);
    let mut world = good();
    "another".clone_into(&mut world.record.acks[0].entry);
    assert_eq!(kinds(&world), [Kind::Disagrees]);
}

#[test]
fn repeated_acknowledgements_that_agree_are_nothing() {
    let mut world = good();
    let again = world.record.acks[0].clone();
    world.record.acks.push(again);
    assert_eq!(kinds(&world), []);
}

#[test]
fn what_is_stored_is_what_was_sent() {
    for (pointer, value) in [("/body/text", "other"), ("/kind", "message"), ("/author/kind", "visitor")] {
        let mut world = World::new();
        let id = world.send("maya", "people", "note", "a note");
        world.store(&id);
        *world.entry("people", 2).0.pointer_mut(pointer).expect("there") = json!(value);
        world.histories.get_mut("people").expect("there").visitor =
            world.histories["people"].staff.iter().filter(|e| e.kind() != "note").cloned().collect();
        world.show_all();
        assert_eq!(kinds(&world), [Kind::Disagrees], "{pointer}");
    }
}

#[test]
fn nobody_sent_it_so_it_is_invented() {
    let mut world = good();
    world.record.attempts.retain(|attempt| attempt.text != "hello");
    assert_eq!(kinds(&world), [Kind::Invented]);
    let mut world = good();
    let mut entry = world.entry("people", 4).clone();
    entry.0["seq"] = json!(99);
    world.show_any("vera", entry);
    assert!(kinds(&world).contains(&Kind::Invented));
}

#[test]
fn refused_and_stored_contradict_each_other() {
    let mut world = good();
    let id = world.record.attempts[0].id.clone();
    world.refuse(&id);
    assert_eq!(kinds(&world), [Kind::RefusedAndStored]);
    let mut world = good();
    let id = world.send("maya", "people", "message", "not the owner");
    world.refuse(&id);
    assert_eq!(kinds(&world), []);
}

#[test]
fn acknowledged_before_sent_means_numbered_before() {
    let mut world = World::new();
    let late =
        world.send("maya", "people", "message", "stored first, but acknowledged before vera's was sent");
    world.store(&late);
    let other = world.send("maya", "people", "message", "between");
    world.store(&other);
    world.ack(&other);
    let id = world.send("vera", "people", "message", "after that");
    world.store(&id);
    world.show_all();
    assert_eq!(kinds(&world), []);
    // Had vera's taken the place before maya's, that would be against time.
    let mut world = World::new();
    let first = world.send("vera", "people", "message", "one");
    let second = world.send("maya", "people", "message", "two");
    world.store(&second);
    world.store(&first);
    world.ack(&first);
    assert_eq!(world.entry("people", 3).client_msg_id(), Some(first.as_str()));
    world.record.attempts[1].sent = 1_000;
    world.show_all();
    assert_eq!(kinds(&world), [Kind::OutOfOrder]);
}

#[test]
fn what_one_client_pipelines_keeps_its_order() {
    let mut world = World::new();
    let one = world.send("vera", "people", "message", "one");
    let two = world.send("vera", "people", "message", "two");
    world.store(&two);
    world.store(&one);
    world.show_all();
    assert_eq!(kinds(&world), [Kind::OutOfOrder]);
    // What was refused for the moment may be overtaken, what came after it may not.
    world.record.retried.insert(one);
    assert_eq!(kinds(&world), []);
    world.record.retried = BTreeSet::from([two]);
    assert_eq!(kinds(&world), [Kind::OutOfOrder]);
}

#[test]
fn a_note_is_not_for_a_visitor() {
    let mut world = good();
    let note = world.entry("people", 3).clone();
    assert_eq!(note.kind(), "note");
    world.show_any("vera", note);
    assert_eq!(kinds(&world), [Kind::Leaked]);
    let mut world = good();
    let note = world.entry("people", 3).clone();
    world.histories.get_mut("people").expect("there").visitor.insert(2, note);
    assert_eq!(kinds(&world), [Kind::Disagrees]);
}

#[test]
fn anothers_conversation_is_leaked() {
    let mut world = good();
    let entry = world.entry("people", 2).clone();
    world.show_any("olga", entry.clone());
    assert_eq!(kinds(&world), [Kind::Leaked]);
    let mut world = good();
    world.show_any("nobody", entry);
    assert_eq!(kinds(&world), [Kind::Leaked]);
}

impl World {
    /// Shows these entries of `people`.
    fn show_some(&mut self, observer: &str, seqs: &[u64]) {
        for seq in seqs {
            let staff = &self.histories["people"].staff;
            let entry = staff.iter().find(|entry| entry.seq() == *seq).expect("stored").clone();
            self.show_any(observer, entry);
        }
    }
}

/// What an observer called `observer` is shown of five entries, of which the third is a note.
fn shown(observer: &str, seqs: &[u64]) -> Vec<Kind> {
    let mut world = World::new();
    for n in 2..=5 {
        let kind = if n == 3 { "note" } else { "message" };
        let id = world.send("maya", "people", kind, &n.to_string());
        world.store(&id);
    }
    for other in ["vera", "window", "maya"].iter().filter(|other| **other != observer) {
        (1..=5).for_each(|seq| world.show(other, "people", seq));
    }
    for name in ["olga", "maya"] {
        world.show(name, "mat", 1);
    }
    world.show_some(observer, seqs);
    kinds(&world)
}

#[test]
fn what_is_shown_rises_without_a_gap_once_repeats_are_dropped() {
    assert_eq!(shown("vera", &[1, 2, 4, 5]), []);
    assert_eq!(shown("maya", &[1, 2, 3, 4, 5]), []);
    assert_eq!(shown("vera", &[1, 2, 4, 2, 4, 5, 1, 5]), [], "at least once");
    assert_eq!(shown("maya", &[4, 5, 1, 2, 3, 4, 5]), [], "the newest as a preview, then from the beginning");
    assert_eq!(shown("vera", &[1, 4, 2, 5]), [Kind::OutOfOrder]);
    assert_eq!(shown("maya", &[1, 2, 4, 3, 5]), [Kind::OutOfOrder]);
    assert_eq!(shown("maya", &[1, 2, 4, 5]), [Kind::Lost, Kind::OutOfOrder]);
    assert_eq!(shown("maya", &[1, 2, 3, 4]), [Kind::Lost]);
    assert_eq!(shown("vera", &[]), [Kind::Lost]);
}

#[test]
fn who_went_before_the_end_lacks_nothing() {
    let mut world = good();
    world.say("vera", "people", "one more");
    for name in ["vera", "maya"] {
        let seq = world.head("people");
        world.show(name, "people", seq);
    }
    assert_eq!(kinds(&world), [Kind::Lost]);
    world.record.observers.get_mut("window").expect("there").left = true;
    assert_eq!(kinds(&world), []);
}

#[test]
fn after_a_reset_everything_is_shown_again() {
    let mut world = good();
    world.seen("vera", Seen::Reset("people".to_owned()));
    assert_eq!(kinds(&world), [Kind::Lost]);
    for seq in 1..=world.head("people") {
        world.show("vera", "people", seq);
    }
    assert_eq!(kinds(&world), []);
}

#[test]
fn what_is_shown_is_what_is_stored() {
    let mut world = good();
    let mut entry: Entry = world.entry("people", 2).clone();
    entry.0["body"]["text"] = json!("changed");
    world.show_any("vera", entry);
    assert_eq!(kinds(&world), [Kind::Disagrees]);
}

#[test]
fn each_message_to_an_automation_has_one_answer() {
    let answers = |answers: &[&str]| {
        let mut world = World::new();
        world.say("olga", "mat", "one.");
        world.say("olga", "mat", "two!");
        answers.iter().for_each(|text| {
            world.answer("mat", text);
        });
        world.show_all();
        kinds(&world)
    };
    assert_eq!(answers(&["mat.", "mat!"]), []);
    assert_eq!(answers(&["mat.", "mat.", "mat!"]), [Kind::Doubled]);
    assert_eq!(answers(&["mat.", "mat!", "mat!"]), [Kind::Doubled]);
    assert_eq!(answers(&["mat!", "mat."]), [Kind::WrongAnswer, Kind::Unanswered]);
    assert_eq!(answers(&["mat.", "mat?"]), [Kind::WrongAnswer, Kind::Unanswered]);
    assert_eq!(answers(&["mat."]), [Kind::Unanswered]);
}

#[test]
fn people_take_over_what_an_automation_left_open() {
    let mut world = World::new();
    world.say("olga", "mat", "one.");
    world.event("mat", &json!({ "event": "handed_off" }));
    world.show_all();
    assert_eq!(kinds(&world), []);
    world.event("mat", &json!({ "event": "transferred", "to": { "kind": "automation", "id": "mat" } }));
    assert!(kinds(&world).contains(&Kind::Unanswered));
    world.answer("mat", "mat.");
    world.show_all();
    assert_eq!(kinds(&world), []);
}

#[test]
fn the_answers_are_those_of_the_built_in_automations() {
    assert_eq!(super::answer_of("mat", "how are you 12?.").as_deref(), Some("mat mat mat mat?."));
    assert_eq!(super::answer_of("mat", "visitor-6 -is- it's_ ").as_deref(), Some("mat -mat- mat_ "));
    assert_eq!(super::answer_of("chat", "how are  you?").as_deref(), Some("you? are how"));
    assert_eq!(super::answer_of("weather", "how"), None);
}
