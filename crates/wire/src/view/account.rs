//! Accounts, sessions and the audit log.

use serde::{Deserialize, Serialize};
use switchboard_domain::{Role, clock::rfc3339};
use utoipa::ToSchema;

/// A member of staff. Agents also have `capacity` and `teams`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    /// The id.
    pub id: String,
    /// The name to sign in with.
    pub username: String,
    /// The name that people see.
    pub display_name: String,
    /// `super_admin`, `admin` or `agent`.
    #[schema(value_type = String)]
    pub role: Role,
    /// Whether it may do anything at all.
    pub active: bool,
    /// Whether every call but `/session` and `/account/password` answers 403.
    pub must_change_password: bool,
    /// When it was made.
    pub created_at: String,
    /// Most conversations handed to this agent at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<i64>,
    /// The ids of this agent's teams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams: Option<Vec<String>>,
    /// What this agent is good for, languages included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skills: Option<Vec<String>>,
}

impl Account {
    /// The view of an account with its teams and skills.
    pub fn of(
        account: &switchboard_domain::Account,
        teams: &[switchboard_domain::TeamId],
        skills: &[String],
    ) -> Self {
        let agent = account.role == Role::Agent;
        Self {
            id: account.id.to_string(),
            username: account.username.clone(),
            display_name: account.display_name.clone(),
            role: account.role,
            active: account.active,
            must_change_password: account.must_change_password,
            created_at: rfc3339(account.created_at),
            capacity: agent.then_some(account.capacity),
            teams: agent.then(|| teams.iter().map(ToString::to_string).collect()),
            skills: agent.then(|| skills.to_vec()),
        }
    }
}

/// An account by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Accounts {
    /// The account.
    pub account: Account,
}

/// A new account and its one-time password, which is shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewAccount {
    /// The account.
    pub account: Account,
    /// To be changed at the first sign-in.
    pub initial_password: String,
}

/// One sign-in of the own account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// The id, to revoke it by.
    pub id: String,
    /// When it began.
    pub created_at: String,
    /// When it was last used, to within a minute.
    pub last_seen_at: String,
    /// When it ends, used or not.
    pub expires_at: String,
    /// Where it was opened from.
    pub address: Option<String>,
    /// The browser, as it names itself.
    pub agent: Option<String>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditRecord {
    /// Its id.
    pub id: String,
    /// When.
    pub at: String,
    /// What was done, such as `account.deactivated`.
    pub action: String,
    /// Who did it; none for the operator at the machine and for refused sign-ins.
    pub actor: Option<AuditSubject>,
    /// To whom or what.
    pub target: Option<AuditSubject>,
    /// More about it.
    pub detail: Option<String>,
    /// Where from.
    pub address: Option<String>,
}

/// Who or what an audit line speaks of, by the name of that time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditSubject {
    /// A role, or the kind of thing.
    pub kind: String,
    /// The id.
    pub id: Option<String>,
    /// The name.
    pub name: String,
}
