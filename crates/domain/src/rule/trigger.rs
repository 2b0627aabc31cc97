//! When a rule is looked at.

use super::{BadRule, Happened, Pattern, WAIT_S};
use crate::id::TeamId;
use crate::tag::tag;
use serde::{Deserialize, Serialize};

/// When a rule is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum Trigger {
    /// A conversation was started.
    Started,
    /// The visitor wrote a message in which this is found.
    Message {
        /// What is looked for.
        pattern: Pattern,
    },
    /// The visitor has been waiting for an answer for longer than this; once per wait.
    Waiting {
        /// How long, in seconds.
        longer_than_s: i64,
    },
    /// Staff or an automation put this tag on.
    Tagged {
        /// The tag.
        tag: String,
    },
    /// The visitor rated the conversation at most so.
    Rated {
        /// 1 to 5.
        at_most: i64,
    },
    /// The hours of the conversation's team begin, or end.
    Hours {
        /// Which team.
        team: TeamId,
        /// Whether it opens.
        open: bool,
    },
}

impl Trigger {
    /// Checks one.
    ///
    /// # Errors
    /// See [`BadRule`].
    pub fn check(&self) -> Result<(), BadRule> {
        match self {
            Self::Started | Self::Hours { .. } => Ok(()),
            Self::Message { pattern } => pattern.check(),
            Self::Waiting { longer_than_s } if WAIT_S.contains(longer_than_s) => Ok(()),
            Self::Waiting { .. } => Err(BadRule::Wait),
            Self::Tagged { tag: text } => Ok(tag(text).map(drop)?),
            Self::Rated { at_most } if (1..=5).contains(at_most) => Ok(()),
            Self::Rated { .. } => Err(BadRule::Rating),
        }
    }

    pub(super) fn pattern(&self) -> Option<&Pattern> {
        match self {
            Self::Message { pattern } => Some(pattern),
            Self::Started
            | Self::Waiting { .. }
            | Self::Tagged { .. }
            | Self::Rated { .. }
            | Self::Hours { .. } => None,
        }
    }

    /// Whether what happened is of its kind; whether a message matches is looked at separately.
    pub(super) fn is_for(&self, happened: &Happened) -> bool {
        match (self, happened) {
            (Self::Started, Happened::Started) | (Self::Message { .. }, Happened::Message { .. }) => true,
            (Self::Waiting { longer_than_s }, Happened::Waiting { for_ms, .. }) => {
                *for_ms >= longer_than_s.saturating_mul(1_000)
            }
            (Self::Tagged { tag }, Happened::Tagged { tag: set, .. }) => tag.trim() == set,
            (Self::Rated { at_most }, Happened::Rated { rating, .. }) => rating <= at_most,
            (Self::Hours { team, open }, Happened::Hours { team: turned, open: opened, .. }) => {
                team == turned && open == opened
            }
            _ => false,
        }
    }
}
