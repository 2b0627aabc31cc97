//! Signing in and out, and the own account.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};
use switchboard_domain::TokenHash;

/// Signs in. The caller makes the session's secret and keeps it; only its hash travels.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// The name.
    pub username: String,
    /// The password.
    pub password: String,
    /// Of the new session's secret.
    pub token_hash: TokenHash,
    /// Where from.
    pub address: Option<String>,
    /// The browser, as it names itself.
    pub agent: Option<String>,
}

/// Whose session it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetSession {}

/// Signs out; an agent goes offline.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignOut {}

/// Changes the own password; every other session of the account ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangePassword {
    /// The present one.
    pub current: String,
    /// The one to come.
    pub new: String,
}

/// The own sessions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListSessions {}

/// Ends one of the own sessions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RevokeSession {
    /// Which.
    pub id: String,
}

call! {
    SignIn => "cmd.sign_in", ANYONE, view::Accounts;
    GetSession => "qry.session", STAFF, view::Accounts;
    SignOut => "cmd.sign_out", STAFF, ();
    ChangePassword => "cmd.change_password", STAFF, ();
    ListSessions => "qry.sessions", SETTLED_STAFF, view::Page<view::Session>;
    RevokeSession => "cmd.revoke_session", SETTLED_STAFF, ();
}
