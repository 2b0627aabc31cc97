//! What happens to a conversation.

use super::owner::Owner;
use crate::author::Author;
use crate::clock::{Millis, rfc3339};
use crate::entry::{Client, EntryKind};
use crate::id::TeamId;
use crate::message::{Choice, Text};
use crate::priority::Priority;
use serde::{Serialize, Serializer};
use serde_json::json;

/// Something that happened: by whom, what, and the client's id where a client sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Who did it.
    pub author: Author,
    /// What it is.
    pub what: What,
    /// What makes it idempotent.
    pub client: Option<Client>,
}

/// The things that can happen. All but [`What::Turn`], [`What::Missed`], [`What::Tagged`], [`What::Untagged`],
/// [`What::Prioritised`], [`What::Regrouped`] and [`What::Rated`] become one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Somebody wrote a message.
    Message {
        /// What it says.
        text: Text,
        /// Quick replies that it offers.
        choices: Vec<Choice>,
    },
    /// An agent wrote a private note.
    Note {
        /// What it says.
        text: Text,
    },
    /// Owner or status changed, or the visitor left a message.
    Change(Change),
    /// An automation answered the turn up to this `seq`.
    Turn {
        /// The newest visitor message that the turn answers.
        seq: i64,
    },
    /// An attempt at a turn failed; the next one is due then.
    Missed {
        /// Attempts that failed so far.
        attempts: i64,
        /// When to try again.
        retry_at: Millis,
    },
    /// Labels were added.
    Tagged {
        /// Which.
        tags: Vec<String>,
    },
    /// Labels were taken away.
    Untagged {
        /// Which.
        tags: Vec<String>,
    },
    /// Somebody said how urgent it is.
    Prioritised {
        /// How.
        priority: Priority,
    },
    /// It belongs to another team, or to all.
    Regrouped {
        /// Which.
        team: Option<TeamId>,
    },
    /// The visitor rated it.
    Rated {
        /// 1 to 5.
        score: i64,
        /// In the visitor's words.
        comment: Option<String>,
    },
}

/// A change of owner or status: the body of an event entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Change {
    /// It began.
    Started {
        /// With whom.
        to: Owner,
        /// Whose queue, when it began with a team.
        #[serde(skip_serializing_if = "Option::is_none")]
        team: Option<TeamId>,
    },
    /// It went from an automation to people.
    HandedOff {
        /// Whose queue.
        #[serde(skip_serializing_if = "Option::is_none")]
        team: Option<TeamId>,
        /// Why, in a word or a sentence.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// An agent has it now, by assignment or by claiming.
    Assigned {
        /// Who.
        to: Owner,
        /// Whether the agent took it, rather than the router giving it.
        claimed: bool,
        /// By when the agent must have answered, when the router gave it.
        #[serde(skip)]
        answer_by: Option<Millis>,
    },
    /// It was passed on.
    Transferred {
        /// To whom; a team's is the queue.
        to: Owner,
        /// The team, when it went to one.
        #[serde(skip_serializing_if = "Option::is_none")]
        team: Option<TeamId>,
    },
    /// It went back to the queue.
    Requeued {
        /// Why: `offline`, `vanished`, `deactivated`, `no_answer`.
        reason: String,
    },
    /// Nobody was there; it waits for the next agent.
    LeftMessage,
    /// It ended.
    Resolved,
    /// It goes on.
    Reopened {
        /// With whom.
        to: Owner,
        /// Why: `message`, `agent`, `visitor`, `snooze_over`.
        reason: String,
    },
    /// It was put aside.
    Snoozed {
        /// Until then.
        #[serde(serialize_with = "as_rfc3339")]
        until: Millis,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn as_rfc3339<S: Serializer>(at: &Millis, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rfc3339(*at))
}

impl Event {
    /// An event without a client's id.
    pub fn new(author: Author, what: What) -> Self {
        Self { author, what, client: None }
    }

    /// A change of owner or status.
    pub fn change(author: Author, change: Change) -> Self {
        Self::new(author, What::Change(change))
    }

    /// The kind of entry it becomes; none for what only changes the state.
    pub fn entry_kind(&self) -> Option<EntryKind> {
        match self.what {
            What::Message { .. } => Some(EntryKind::Message),
            What::Note { .. } => Some(EntryKind::Note),
            What::Change(_) => Some(EntryKind::Event),
            What::Turn { .. }
            | What::Missed { .. }
            | What::Tagged { .. }
            | What::Untagged { .. }
            | What::Prioritised { .. }
            | What::Regrouped { .. }
            | What::Rated { .. } => None,
        }
    }

    /// The entry's body as JSON.
    pub fn body(&self) -> String {
        let value = match &self.what {
            What::Message { text, choices } if choices.is_empty() => json!({ "text": text }),
            What::Message { text, choices } => json!({ "text": text, "choices": choices }),
            What::Note { text } => json!({ "text": text }),
            What::Change(change) => json!(change),
            What::Turn { .. }
            | What::Missed { .. }
            | What::Tagged { .. }
            | What::Untagged { .. }
            | What::Prioritised { .. }
            | What::Regrouped { .. }
            | What::Rated { .. } => json!({}),
        };
        value.to_string()
    }
}
