//! Presence: what an agent says about being there.

use serde::{Deserialize, Serialize};

/// Chosen by the agent; offline at first, after signing out, and when the agent has vanished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Gets conversations while a console is open.
    Online,
    /// Keeps what is held, gets nothing new, may claim.
    Away,
    /// Holds nothing and may not claim.
    #[default]
    Offline,
}

impl Presence {
    /// The name in the API and in the tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Away => "away",
            Self::Offline => "offline",
        }
    }
}

/// The text names no presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a presence is online, away or offline")]
pub struct BadPresence;

impl std::str::FromStr for Presence {
    type Err = BadPresence;
    fn from_str(text: &str) -> Result<Self, BadPresence> {
        [Self::Online, Self::Away, Self::Offline].into_iter().find(|p| p.as_str() == text).ok_or(BadPresence)
    }
}
