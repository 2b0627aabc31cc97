//! E-mails to visitors.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An e-mail to a visitor, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mail {
    /// The id.
    pub id: String,
    /// `reply`: an answer that the visitor has not seen.
    pub kind: String,
    /// About which conversation.
    pub conversation: String,
    /// To whom.
    pub recipient: String,
    /// `due`, `sent`, `failed`, or `dropped` because the visitor came back first.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// When it is tried next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<String>,
    /// When it was sent or given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<String>,
}
