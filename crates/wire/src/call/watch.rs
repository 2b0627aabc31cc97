//! Admins who look over agents' shoulders: reading along, and writing to staff. Never to the visitor.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What an agent has, open and snoozed, newest activity first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListHeld {
    /// The account's id.
    pub agent: String,
    /// At most so many.
    pub limit: Option<i64>,
}

/// Looks at a conversation; to be repeated every few seconds. The first time of a sitting is noted in the audit log,
/// and agents who follow the conversation see who watches.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Watch {
    /// Which.
    pub id: String,
    /// Entries after this place; without it the newest ones.
    pub after: Option<i64>,
}

/// What a watcher sees.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Watched {
    /// The state now.
    pub conversation: view::Conversation,
    /// In `seq` order, notes included.
    pub entries: Vec<Box<RawValue>>,
    /// Whether there are more behind these.
    pub more: bool,
}

/// Writes a private note as a supervisor.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Whisper {
    /// Into which conversation.
    pub id: String,
    /// The same on every retry.
    pub client_msg_id: String,
    /// What it says.
    pub text: String,
}

/// The note as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Whispered {
    /// The entry.
    pub entry: Box<RawValue>,
    /// Whether it was stored by an earlier try.
    pub repeated: bool,
}

call! {
    ListHeld => "qry.held", ADMIN, view::Page<view::Summary>;
    Watch => "cmd.watch", ADMIN, Watched;
    Whisper => "cmd.whisper", ADMIN, Whispered;
}
