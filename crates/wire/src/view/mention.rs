//! Mentions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A private note calls an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mention {
    /// The note's id.
    pub id: String,
    /// In which conversation.
    pub conversation: String,
    /// The note's place there.
    pub seq: i64,
    /// The visitor's name, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<String>,
    /// Who wrote the note.
    pub by: String,
    /// How the note begins.
    pub preview: String,
    /// When it was written.
    pub at: String,
    /// Whether the agent has looked at it.
    pub read: bool,
}
