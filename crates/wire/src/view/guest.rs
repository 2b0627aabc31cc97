//! Visitors as staff see them.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A visitor, with what it has told and answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Guest {
    /// The id.
    pub id: String,
    /// As given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// As given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The browser's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The page last visited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Whether the host site vouches for the identity.
    pub verified: bool,
    /// Answers to the form before a conversation, by the key of the question.
    pub attributes: BTreeMap<String, String>,
    /// Where it came from last, of IPv6 the network; admins alone are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// How many conversations it has had.
    pub conversations: i64,
    /// Whether it may not come here now.
    pub banned: bool,
    /// When first seen.
    pub created_at: String,
    /// When last seen, roughly.
    pub last_seen_at: String,
}

/// Everything that is stored of a visitor.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExportedVisitor {
    /// When it was exported.
    pub exported_at: String,
    /// The visitor.
    pub visitor: Guest,
    /// All conversations, oldest first.
    pub conversations: Vec<ExportedConversation>,
}

/// Everything that is stored of a conversation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExportedConversation {
    /// The conversation.
    pub conversation: super::Conversation,
    /// The visitor's rating, 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<i64>,
    /// The visitor's words about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_comment: Option<String>,
    /// All entries, notes included, in the order of `seq`.
    #[schema(value_type = Vec<super::Entry>)]
    pub entries: Vec<Box<RawValue>>,
}
