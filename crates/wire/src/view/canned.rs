//! Canned replies.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text that agents send again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CannedReply {
    /// The id.
    pub id: String,
    /// What is typed behind `/` to find it: 1 to 32 of `[a-z0-9._-]`.
    pub shortcut: String,
    /// The text. `{{visitor.first_name|there}}` and the like stand for what the composer puts in.
    pub text: String,
    /// Whose it is: `all`, `team` or `own`.
    pub scope: String,
    /// The team's id, when it is a team's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
}
