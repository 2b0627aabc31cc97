//! Accounts, managed by the role above.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};
use switchboard_domain::Role;

/// Accounts of a role, by username.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListAccounts {
    /// The role that the caller manages.
    pub role: Role,
    /// At most so many.
    pub limit: Option<i64>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// Makes an account with a one-time initial password.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddAccount {
    /// The role that the caller manages.
    pub role: Role,
    /// The name to sign in with.
    pub username: String,
    /// The name that people see; the username when absent.
    pub display_name: Option<String>,
    /// Agents only.
    pub capacity: Option<i64>,
    /// Agents only: ids.
    pub teams: Option<Vec<String>>,
    /// Agents only.
    #[serde(default)]
    pub skills: Option<Vec<String>>,
}

/// Changes an account; absent fields stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PatchAccount {
    /// The role that the caller manages.
    pub role: Role,
    /// Which.
    pub id: String,
    /// Activates or deactivates; deactivation ends sessions and requeues conversations.
    pub active: Option<bool>,
    /// The name that people see.
    pub display_name: Option<String>,
    /// Agents only.
    pub capacity: Option<i64>,
    /// Agents only: ids.
    pub teams: Option<Vec<String>>,
    /// Agents only.
    #[serde(default)]
    pub skills: Option<Vec<String>>,
}

/// Gives an account a new one-time password; its sessions end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResetPassword {
    /// The role that the caller manages.
    pub role: Role,
    /// Which.
    pub id: String,
}

/// The audit log, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListAudit {
    /// At most so many.
    pub limit: Option<i64>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// The new one-time password.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct InitialPassword {
    /// Shown this once.
    pub initial_password: String,
}

call! {
    ListAccounts => "qry.accounts", MANAGER, view::Page<view::Account>;
    AddAccount => "cmd.add_account", MANAGER, view::NewAccount;
    PatchAccount => "cmd.patch_account", MANAGER, view::Accounts;
    ResetPassword => "cmd.reset_password", MANAGER, InitialPassword;
    ListAudit => "qry.audit", OVERSEER, view::Page<view::AuditRecord>;
}
