//! Who asks. Never an account id to believe: the hash of a secret, joined to the live row where the action
//! commits.

use serde::{Deserialize, Serialize};
use switchboard_domain::TokenHash;

/// What a call carries to say who makes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "token")]
pub enum Credential {
    /// Nobody in particular.
    Nobody,
    /// A member of staff, by the hash of the session's token.
    Staff(TokenHash),
    /// A visitor, by the hash of the visitor's token.
    Visitor(TokenHash),
    /// One of our own components; who may send it is a matter of the bus's permissions.
    Component,
}
