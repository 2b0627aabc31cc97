//! The three roles of staff, each with its own job and no other.

use serde::{Deserialize, Serialize};

/// What a staff account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Adds admins and switches them active or inactive; made offline by `switchboard su`.
    SuperAdmin,
    /// Does the same for agents; manages teams, automations and settings.
    Admin,
    /// Chats with visitors.
    Agent,
}

impl Role {
    /// The name in the API and in the tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SuperAdmin => "super_admin",
            Self::Admin => "admin",
            Self::Agent => "agent",
        }
    }

    /// The role one level below, which this role manages; nobody manages two levels down.
    pub fn manages(self) -> Option<Self> {
        match self {
            Self::SuperAdmin => Some(Self::Admin),
            Self::Admin => Some(Self::Agent),
            Self::Agent => None,
        }
    }
}

/// The text names no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role is super_admin, admin or agent")]
pub struct BadRole;

impl std::str::FromStr for Role {
    type Err = BadRole;
    fn from_str(text: &str) -> Result<Self, BadRole> {
        [Self::SuperAdmin, Self::Admin, Self::Agent].into_iter().find(|r| r.as_str() == text).ok_or(BadRole)
    }
}
