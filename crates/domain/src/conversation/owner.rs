//! Who has a conversation, and whether it is open.

use crate::id::AccountId;
use serde::{Deserialize, Serialize};

/// Exactly one owner at a time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Owner {
    /// An automation answers.
    Automation {
        /// Its name.
        id: String,
        /// Its title.
        name: String,
    },
    /// It waits for people.
    Queue,
    /// A person has it.
    Agent {
        /// Who.
        id: AccountId,
        /// The name that people see.
        name: String,
    },
    /// It is resolved.
    None,
}

impl Owner {
    /// The kind's name in the API and in the tables.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Automation { .. } => "automation",
            Self::Queue => "queue",
            Self::Agent { .. } => "agent",
            Self::None => "none",
        }
    }

    /// The id, where there is one.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Automation { id, .. } => Some(id),
            Self::Agent { id, .. } => Some(id.as_str()),
            Self::Queue | Self::None => None,
        }
    }

    /// The name, where there is one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Automation { name, .. } | Self::Agent { name, .. } => Some(name),
            Self::Queue | Self::None => None,
        }
    }

    /// Whether this agent has it.
    pub fn is_agent(&self, agent: &AccountId) -> bool {
        matches!(self, Self::Agent { id, .. } if id == agent)
    }

    /// Whether the automation of this name has it.
    pub fn is_automation(&self, name: &str) -> bool {
        matches!(self, Self::Automation { id, .. } if id == name)
    }
}

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Somebody is to act.
    Open,
    /// Put aside until a time or the visitor's next message; keeps its owner.
    Snoozed,
    /// Ended; the visitor's next message reopens it.
    Resolved,
}

impl Status {
    /// The name in the API and in the tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Snoozed => "snoozed",
            Self::Resolved => "resolved",
        }
    }
}

impl std::str::FromStr for Status {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Open, Self::Snoozed, Self::Resolved].into_iter().find(|s| s.as_str() == text).ok_or(())
    }
}
