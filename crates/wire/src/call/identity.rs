//! Keys with which sites sign who their visitors are.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};

/// Those that are good, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListIdentityKeys {}

/// Makes a key; two are good at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddIdentityKey {
    /// What people call it.
    pub name: String,
}

/// Ends a key: what was signed with it proves nothing from now on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RevokeIdentityKey {
    /// Which.
    pub id: String,
}

call! {
    ListIdentityKeys => "qry.identity_keys", ADMIN, view::Page<view::IdentityKey>;
    AddIdentityKey => "cmd.add_identity_key", ADMIN, view::NewIdentityKey;
    RevokeIdentityKey => "cmd.revoke_identity_key", ADMIN, ();
}
