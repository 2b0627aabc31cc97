//! What a rule does.

use super::{BadRule, Person, SNOOZE_S};
use crate::id::{TeamId, WebhookId};
use crate::limits::{NAME_CHARS, TEXT_CHARS};
use crate::message::Text;
use crate::priority::Priority;
use crate::tag::tag;
use serde::{Deserialize, Serialize};

/// The names that a text may hold between `{{` and `}}`, as canned replies write them.
pub const VARIABLES: [&str; 3] = ["visitor.name", "visitor.first_name", "visitor.email"];

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "then", rename_all = "snake_case")]
pub enum Action {
    /// It waits in the queue of this team.
    Team {
        /// Which.
        team: TeamId,
    },
    /// It gets this tag.
    Tag {
        /// The tag.
        tag: String,
    },
    /// It is so urgent.
    Priority {
        /// `low`, `normal`, `high` or `urgent`.
        priority: String,
    },
    /// The visitor reads this, written by the system.
    Send {
        /// The text; `{{visitor.first_name|there}}` and the like are put in.
        text: String,
    },
    /// This automation takes over.
    Automation {
        /// Its name.
        name: String,
    },
    /// It is put aside.
    Snooze {
        /// For how long, in seconds.
        for_s: i64,
    },
    /// A server outside is told, whatever else it has chosen to be told.
    Notify {
        /// Which.
        webhook: WebhookId,
    },
    /// It is over.
    Resolve,
}

impl Action {
    /// Checks one.
    ///
    /// # Errors
    /// See [`BadRule`].
    pub fn check(&self) -> Result<(), BadRule> {
        match self {
            Self::Team { .. } | Self::Notify { .. } | Self::Resolve => Ok(()),
            Self::Tag { tag: text } => Ok(tag(text).map(drop)?),
            Self::Priority { priority } => {
                priority.parse::<Priority>().map(drop).map_err(|()| BadRule::Value)
            }
            Self::Send { text } => check_text(text),
            Self::Automation { name } => {
                let fits = !name.trim().is_empty() && name.chars().count() <= NAME_CHARS;
                if fits { Ok(()) } else { Err(BadRule::Automation) }
            }
            Self::Snooze { for_s } if SNOOZE_S.contains(for_s) => Ok(()),
            Self::Snooze { .. } => Err(BadRule::Snooze),
        }
    }

    /// Whether it says who has the conversation afterwards, or whether it goes on.
    pub(super) fn is_destination(&self) -> bool {
        matches!(self, Self::Team { .. } | Self::Automation { .. } | Self::Snooze { .. } | Self::Resolve)
    }
}

fn check_text(text: &str) -> Result<(), BadRule> {
    let text = Text::try_from(text.to_owned())?;
    let mut rest = text.as_str();
    while let Some((_, behind)) = rest.split_once("{{") {
        let (inside, after) = behind.split_once("}}").ok_or(BadRule::Open)?;
        let name = inside.split_once('|').map_or(inside, |(name, _)| name).trim();
        if !VARIABLES.contains(&name) {
            return Err(BadRule::Unknown(name.to_owned()));
        }
        rest = after;
    }
    Ok(())
}

/// The text with what is known put in. What is put in is text: it is not looked through for names again, and has no
/// control characters. The whole is no longer than a message may be.
pub fn fill(text: &str, visitor: &Person) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        let Some((inside, after)) = behind.split_once("}}") else { break };
        let (name, instead) = inside.split_once('|').unwrap_or((inside, ""));
        let known = match name.trim() {
            "visitor.name" => Some(visitor.name.trim()),
            "visitor.first_name" => visitor.name.split_whitespace().next(),
            "visitor.email" => visitor.email.as_deref(),
            _ => None,
        };
        let value = known.filter(|value| !value.is_empty()).unwrap_or(instead.trim());
        filled.push_str(before);
        filled.extend(value.chars().filter(|c| !c.is_control()));
        rest = after;
    }
    filled.push_str(rest);
    filled.chars().take(TEXT_CHARS).collect()
}
