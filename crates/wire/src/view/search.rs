//! What a search finds.

use super::{Author, Conversation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A conversation, and the lines of it that were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Found {
    /// The conversation as staff see it.
    pub conversation: Conversation,
    /// Newest first. A page may go on with a conversation that the page before it had as well.
    pub hits: Vec<Hit>,
}

/// A message or note that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hit {
    /// Its place in the conversation.
    pub seq: i64,
    /// When it was committed.
    pub at: String,
    /// `message` or `note`.
    pub kind: String,
    /// Who wrote it.
    pub author: Author,
    /// A piece of its text, in order.
    pub parts: Vec<HitPart>,
}

/// Some of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HitPart {
    /// Plain text on one line.
    pub text: String,
    /// Whether it is what was looked for.
    pub found: bool,
}
