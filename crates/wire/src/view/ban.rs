//! Bans.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A ban: whom it is for, why, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ban {
    /// The id.
    pub id: String,
    /// What `value` is: `visitor`, `email` or `address`.
    pub kind: String,
    /// The visitor's id, the e-mail address in lower case, or the address (of IPv6 the network of 64 bits).
    pub value: String,
    /// Why; may be empty.
    pub reason: String,
    /// When it ends; absent when it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The name of who made it.
    pub by: String,
    /// When it was made.
    pub created_at: String,
}
