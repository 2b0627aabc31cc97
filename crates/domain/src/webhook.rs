//! Events that are told to servers of other people: which there are, and how often each is tried.

use crate::author::AuthorKind;
use crate::clock::Millis;
use crate::entry::{Entry, EntryKind};
use serde::Deserialize;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident => $text:literal;)*) => {
        /// Something that a server outside can be told.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventKind { $($(#[$doc])* $name),* }

        impl EventKind {
            /// All of them, in the order in which they are offered.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in the API, in the tables and in what is sent.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

kinds! {
    /// A conversation began.
    Started => "conversation.started";
    /// It went from an automation to people.
    HandedOff => "conversation.handed_off";
    /// An agent has it now.
    Assigned => "conversation.assigned";
    /// It was passed on.
    Transferred => "conversation.transferred";
    /// It went back to the queue.
    Requeued => "conversation.requeued";
    /// Nobody was there; it waits for the next agent.
    LeftMessage => "conversation.left_message";
    /// It was put aside.
    Snoozed => "conversation.snoozed";
    /// It ended.
    Resolved => "conversation.resolved";
    /// It goes on.
    Reopened => "conversation.reopened";
    /// The visitor rated it.
    Rated => "conversation.rated";
    /// A visitor wrote.
    VisitorMessage => "message.visitor";
    /// An agent wrote.
    AgentMessage => "message.agent";
    /// An automation, or Switchboard itself, wrote.
    AutomationMessage => "message.automation";
    /// An agent wrote a private note.
    Note => "message.note";
    /// A visitor told more of itself.
    VisitorUpdated => "visitor.updated";
    /// A rule that notifies has fired; sent to the server that the rule names, whatever was chosen.
    Rule => "rule.fired";
    /// An admin tries whether it works; sent whatever was chosen.
    Test => "webhook.test";
}

impl std::str::FromStr for EventKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text).ok_or(())
    }
}

impl EventKind {
    /// Whether an admin can choose it.
    pub fn is_chosen(self) -> bool {
        !matches!(self, Self::Rule | Self::Test)
    }

    /// What an entry tells; nothing when it is an event of another version.
    pub fn of(entry: &Entry) -> Option<Self> {
        #[derive(Deserialize)]
        struct Body<'a> {
            event: &'a str,
        }
        Some(match entry.kind {
            EntryKind::Note => Self::Note,
            EntryKind::Message => match entry.author.kind {
                AuthorKind::Visitor => Self::VisitorMessage,
                AuthorKind::Agent => Self::AgentMessage,
                AuthorKind::Automation | AuthorKind::System => Self::AutomationMessage,
            },
            EntryKind::Event => {
                let body: Body<'_> = serde_json::from_str(&entry.body).ok()?;
                format!("conversation.{}", body.event).parse().ok()?
            }
        })
    }
}

/// Reads the events that an admin has chosen, each once and in the order of [`EventKind::ALL`]. None at all is good for a
/// server that is only called, by a guide.
///
/// # Errors
/// The first that is none.
pub fn chosen(names: &[String]) -> Result<Vec<EventKind>, String> {
    let read = |name: &String| name.parse::<EventKind>().ok().filter(|kind| kind.is_chosen());
    let mut kinds =
        names.iter().map(|name| read(name).ok_or_else(|| name.clone())).collect::<Result<Vec<_>, _>>()?;
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}

/// How often a delivery is tried before it is given up.
pub const ATTEMPTS: i64 = 10;
/// How long after the first failure it is tried again, in milliseconds; each time four times as long.
const FIRST_PAUSE_MS: Millis = 5_000;
/// The longest pause, in milliseconds.
const LONGEST_PAUSE_MS: Millis = 8 * 3_600_000;
/// A server that has answered nothing well for so long, in milliseconds, is told nothing more: five days.
pub const GIVE_UP_MS: Millis = 5 * 24 * 3_600_000;

/// How long to wait after so many failed attempts, or nothing when it is given up; `part` of a thousand makes it up to a
/// fifth shorter or longer, so that what failed together does not come back together.
pub fn pause(attempts: i64, part: u32) -> Option<Millis> {
    if attempts >= ATTEMPTS {
        return None;
    }
    let times = u32::try_from(attempts.saturating_sub(1)).unwrap_or_default();
    let whole = FIRST_PAUSE_MS.saturating_mul(4_i64.saturating_pow(times)).min(LONGEST_PAUSE_MS);
    Some(whole * (800 + i64::from(part.min(1_000)) * 4 / 10) / 1_000)
}

/// A server that says when to come again is taken at its word for at most so long, in milliseconds: as long as the longest
/// pause that it would be given anyway.
pub const TOLD_LONGEST_MS: Millis = LONGEST_PAUSE_MS;

/// The pause before the next attempt: ours, or the server's `Retry-After` if that is longer, within bounds.
pub fn pause_as_told(ours: Millis, told: Option<Millis>) -> Millis {
    ours.max(told.unwrap_or_default().min(TOLD_LONGEST_MS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::Author;
    use proptest::prelude::*;

    fn entry(kind: EntryKind, author: Author, body: &str) -> Entry {
        Entry {
            conversation: "c".parse().unwrap(),
            seq: 1,
            id: "e".parse().unwrap(),
            at: 0,
            kind,
            public: true,
            public_before: 0,
            author,
            body: body.into(),
            client: None,
        }
    }

    #[test]
    fn an_entry_says_what_it_tells() {
        let told = |kind, author, body: &str| EventKind::of(&entry(kind, author, body));
        let text = r#"{"text":"hello"}"#;
        assert_eq!(
            told(EntryKind::Message, Author::visitor("v", "Ada"), text),
            Some(EventKind::VisitorMessage)
        );
        assert_eq!(told(EntryKind::Message, Author::agent("a", "Maya"), text), Some(EventKind::AgentMessage));
        assert_eq!(told(EntryKind::Note, Author::agent("a", "Maya"), text), Some(EventKind::Note));
        for kind in EventKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        for event in [
            "started",
            "handed_off",
            "assigned",
            "transferred",
            "requeued",
            "left_message",
            "resolved",
            "reopened",
            "snoozed",
        ] {
            let body = format!(r#"{{"event":"{event}","x":1}}"#);
            let kind = told(EntryKind::Event, Author::system(), &body).unwrap();
            assert_eq!(kind.as_str(), format!("conversation.{event}"));
        }
        assert_eq!(told(EntryKind::Event, Author::system(), r#"{"event":"of_tomorrow"}"#), None);
        assert_eq!(told(EntryKind::Event, Author::system(), "{}"), None);
    }

    #[test]
    fn what_is_chosen_is_known_and_there_once() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let twice = names(&["message.note", "conversation.started", "message.note"]);
        assert_eq!(chosen(&twice), Ok(vec![EventKind::Started, EventKind::Note]));
        assert_eq!(chosen(&[]), Ok(vec![]));
        assert_eq!(chosen(&names(&["webhook.test"])), Err("webhook.test".into()));
        assert_eq!(chosen(&names(&["rule.fired"])), Err("rule.fired".into()));
        assert_eq!(chosen(&names(&["message.visitor", "x"])), Err("x".into()));
    }

    #[test]
    fn it_is_tried_for_about_a_day() {
        let all: i64 = (1..ATTEMPTS).map(|attempts| pause(attempts, 500).unwrap()).sum();
        let hours = all / 3_600_000;
        assert!((20..28).contains(&hours), "{hours} hours");
        assert_eq!(pause(ATTEMPTS, 0), None);
    }

    #[test]
    fn a_server_may_ask_for_a_longer_pause_but_not_for_ever_or_a_shorter_one() {
        assert_eq!(pause_as_told(5_000, None), 5_000);
        assert_eq!(pause_as_told(5_000, Some(120_000)), 120_000);
        assert_eq!(pause_as_told(80_000, Some(1_000)), 80_000);
        assert_eq!(pause_as_told(5_000, Some(i64::MAX)), TOLD_LONGEST_MS);
        assert_eq!(pause_as_told(5_000, Some(-7)), 5_000);
    }

    proptest! {
        #[test]
        fn pauses_grow_and_end(attempts in 0_i64..100, part in 0_u32..2_000) {
            match pause(attempts, part) {
                Some(pause) => prop_assert!((FIRST_PAUSE_MS * 8 / 10..=LONGEST_PAUSE_MS * 12 / 10).contains(&pause)),
                None => prop_assert!(attempts >= ATTEMPTS),
            }
        }
    }
}
