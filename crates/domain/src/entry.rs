//! One line of a conversation, as it is stored and shown.

use crate::author::Author;
use crate::clock::Millis;
use crate::id::{ConversationId, EntryId};
use crate::message::ClientMsgId;
use serde::{Deserialize, Serialize};

/// The kind of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Seen by everybody in the conversation.
    Message,
    /// Seen by staff only.
    Note,
    /// Something that happened: a change of owner or status.
    Event,
}

impl EntryKind {
    /// The name in the API and in the tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Note => "note",
            Self::Event => "event",
        }
    }
}

impl std::str::FromStr for EntryKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Message, Self::Note, Self::Event].into_iter().find(|k| k.as_str() == text).ok_or(())
    }
}

/// An entry. `seq` is 1, 2, 3… without gaps within its conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose line it is.
    pub conversation: ConversationId,
    /// Its place.
    pub seq: i64,
    /// Its id.
    pub id: EntryId,
    /// When it was committed; informative only, `seq` orders.
    pub at: Millis,
    /// What it is.
    pub kind: EntryKind,
    /// Whether the visitor sees it.
    pub public: bool,
    /// The `seq` of the entry before it that the visitor sees; 0 when there is none.
    pub public_before: i64,
    /// Who wrote it.
    pub author: Author,
    /// The body as JSON, kept as it was written: readers of another version ignore what they do not know.
    pub body: String,
    /// The client's id and what it stands for, when a client sent it.
    pub client: Option<Client>,
}

/// What makes a send idempotent for ever: unique with the conversation and sender, and comparable by hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Whom the id belongs to, see [`Author::sender`].
    pub sender: String,
    /// The client's id.
    pub id: ClientMsgId,
    /// Hash of the body, see [`crate::message::body_hash`].
    pub body_hash: String,
}
