//! Keys with which sites sign who their visitors are.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A key with which a site signs who its visitors are, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IdentityKey {
    /// The id, which is the `kid` of what is signed with it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The name of who made it.
    pub by: String,
    /// When it was made.
    pub created_at: String,
}

/// A new key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewIdentityKey {
    /// The key.
    pub key: IdentityKey,
    /// What the site's server signs with (HS256): these characters as they are. It is shown this once.
    pub secret: String,
}
