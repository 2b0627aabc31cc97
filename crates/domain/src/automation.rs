//! Automations as the platform sees them: a row that an admin activates, and the reply to a turn.

use crate::clock::Millis;
use crate::id::TeamId;
use crate::message::{Choice, Text};

/// Longest name of an automation, in characters; the name is part of a NATS subject.
pub const NAME_CHARS: usize = 26;

/// Whether `name` can be an automation's: 1 to 26 of `[a-z0-9_-]`.
pub fn is_name(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
    !name.is_empty() && name.len() <= NAME_CHARS && plain
}

/// What is stored about an automation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Automation {
    /// Its name, which is also its service's name.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What it does, in a sentence.
    pub description: String,
    /// Whether an admin has activated it.
    pub active: bool,
    /// Whether visitors may start with it.
    pub public: bool,
    /// How long one attempt at a turn may take.
    pub deadline_ms: Millis,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When that was.
    pub last_error_at: Option<Millis>,
    /// When it was first seen.
    pub created_at: Millis,
}

/// A reply to a turn, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What the automation says, in order.
    pub messages: Vec<(Text, Vec<Choice>)>,
    /// What comes next.
    pub then: Then,
    /// Tags to add.
    pub tags: Vec<String>,
    /// A private note for whoever takes over; only a handoff leaves one.
    pub note: Option<Text>,
}

/// What follows a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// Wait for the visitor.
    Wait,
    /// Hand over to people.
    Handoff {
        /// Which team's queue; none for everybody's.
        team: Option<TeamId>,
        /// What the agent reads.
        reason: Option<String>,
    },
    /// Another automation goes on, with what the visitor said last.
    Pass {
        /// Its name.
        name: String,
        /// What people read.
        title: String,
    },
    /// End the conversation.
    Resolve,
}
