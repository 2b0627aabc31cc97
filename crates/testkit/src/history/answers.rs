//! What the built-in automations answered: one answer to each message of the visitor, in order.

use std::collections::VecDeque;

use super::entry::Entry;
use super::record::Histories;
use super::violation::{Found, Kind};

/// What the automation of this name answers to a plain text: words of letters and digits, perhaps with a hyphen, an
/// underscore or an apostrophe inside; blanks; punctuation.
#[must_use]
pub fn answer_of(automation: &str, text: &str) -> Option<String> {
    match automation {
        "chat" => Some(text.split_whitespace().rev().collect::<Vec<_>>().join(" ")),
        "mat" => {
            let (mut said, mut inside) = (String::new(), false);
            let mut rest = text.chars().peekable();
            while let Some(character) = rest.next() {
                let joins = inside && matches!(character, '-' | '_' | '\'');
                let word = character.is_alphanumeric()
                    || joins && rest.peek().is_some_and(|next| next.is_alphanumeric());
                match (word, inside) {
                    (true, true) => {}
                    (true, false) => said.push_str("mat"),
                    (false, _) => said.push(character),
                }
                inside = word;
            }
            Some(said)
        }
        _ => None,
    }
}

pub(super) fn check(histories: &Histories, found: &mut Found) {
    for (conversation, history) in histories {
        one_each(conversation, &history.staff, found);
    }
}

/// The k-th answer is the answer to the k-th message that had none.
fn one_each(conversation: &str, entries: &[Entry], found: &mut Found) {
    let mut open: VecDeque<&Entry> = VecDeque::new();
    let mut answered: Option<&Entry> = None;
    // Whose it is: an automation's from an event that says so, until the next that says otherwise.
    let mut with_automation = false;
    for entry in entries {
        match (entry.kind(), entry.author()) {
            ("message", "visitor") => open.push_back(entry),
            ("message", "agent") => open.clear(),
            ("message", "automation") => {
                let fits =
                    |to: &&Entry| answer_of(entry.author_id(), to.text()).as_deref() == Some(entry.text());
                match open.pop_front() {
                    Some(first) if fits(&first) => answered = Some(first),
                    first => {
                        if let Some(first) = first {
                            open.push_front(first);
                        }
                        let again = answered.is_some_and(|before| fits(&before));
                        let kind = if again { Kind::Doubled } else { Kind::WrongAnswer };
                        let next = open.front().map_or("nothing".to_owned(), |next| next.0.to_string());
                        let what = format!("{conversation}: {} answers, open is {next}", entry.0);
                        found.add(kind, what);
                    }
                }
            }
            ("event", _) => match entry.event() {
                "handed_off" | "queued" | "assigned" | "requeued" | "resolved" | "left_message" => {
                    with_automation = false;
                }
                "started" | "transferred" | "reopened" => {
                    with_automation =
                        entry.0.pointer("/body/to/kind").is_some_and(|kind| kind == "automation");
                }
                _ => {}
            },
            _ => {}
        }
    }
    if with_automation && !open.is_empty() {
        let seqs: Vec<u64> = open.iter().map(|entry| entry.seq()).collect();
        found.add(Kind::Unanswered, format!("{conversation}: {seqs:?} have no answer"));
    }
}
