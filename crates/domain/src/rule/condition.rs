//! What must hold for a rule to fire.

use super::pattern::Ready;
use super::{BadRule, Pattern, Situation, VALUE_CHARS};
use crate::attributes::key;
use crate::clock::Millis;
use crate::conversation::Owner;
use crate::id::TeamId;
use crate::priority::Priority;
use crate::tag::tag;
use serde::{Deserialize, Serialize};

/// The kind of an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerKind {
    /// An automation answers.
    Automation,
    /// It waits for people.
    Queue,
    /// A person has it.
    Agent,
    /// It is resolved.
    None,
}

impl From<&Owner> for OwnerKind {
    fn from(owner: &Owner) -> Self {
        match owner {
            Owner::Automation { .. } => Self::Automation,
            Owner::Queue => Self::Queue,
            Owner::Agent { .. } => Self::Agent,
            Owner::None => Self::None,
        }
    }
}

impl OwnerKind {
    fn words(self) -> &'static str {
        match self {
            Self::Automation => "an automation has it",
            Self::Queue => "it waits in a queue",
            Self::Agent => "an agent has it",
            Self::None => "nobody has it",
        }
    }
}

/// What must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "if", rename_all = "snake_case")]
pub enum Condition {
    /// The visitor's newest message matches.
    Message {
        /// What is looked for.
        pattern: Pattern,
    },
    /// It is in the queue of this team, or was last.
    Team {
        /// Which; none is everybody's queue.
        team: Option<TeamId>,
    },
    /// Somebody of this kind has it.
    Owner {
        /// Of which kind.
        is: OwnerKind,
    },
    /// It has this tag, or not.
    Tagged {
        /// The tag.
        tag: String,
        /// Whether it is to have it.
        has: bool,
    },
    /// It is at least so urgent.
    Priority {
        /// `low`, `normal`, `high` or `urgent`.
        at_least: String,
    },
    /// A team is within its hours, or not; one without hours always is.
    Hours {
        /// Which team.
        team: TeamId,
        /// Whether it is to be open.
        open: bool,
    },
    /// The visitor's page holds these characters.
    Page {
        /// Which.
        contains: String,
    },
    /// The visitor's e-mail address is known, or not.
    Email {
        /// Whether it is to be known.
        known: bool,
    },
    /// An answer of the form is this one; case tells nothing apart.
    Answer {
        /// The key.
        key: String,
        /// The answer.
        is: String,
    },
}

fn value(text: &str) -> Result<(), BadRule> {
    let fits = !text.trim().is_empty() && text.chars().count() <= VALUE_CHARS;
    if fits { Ok(()) } else { Err(BadRule::Value) }
}

impl Condition {
    /// Checks one.
    ///
    /// # Errors
    /// See [`BadRule`].
    pub fn check(&self) -> Result<(), BadRule> {
        match self {
            Self::Message { pattern } => pattern.check(),
            Self::Tagged { tag: text, .. } => Ok(tag(text).map(drop)?),
            Self::Priority { at_least } => {
                at_least.parse::<Priority>().map(drop).map_err(|()| BadRule::Value)
            }
            Self::Page { contains } => value(contains),
            Self::Answer { key: name, is } => {
                key(name)?;
                value(is)
            }
            Self::Team { .. } | Self::Owner { .. } | Self::Hours { .. } | Self::Email { .. } => Ok(()),
        }
    }

    pub(super) fn pattern(&self) -> Option<&Pattern> {
        if let Self::Message { pattern } = self { Some(pattern) } else { None }
    }

    /// Whether it holds, and why. `ready` is its pattern, made ready.
    pub(super) fn holds(&self, ready: Option<&Ready>, told: &Situation, now: Millis) -> (bool, String) {
        match self {
            Self::Message { .. } => match (&told.newest, ready) {
                (Some(text), Some(ready)) if ready.is_in(text) => (true, "the newest message matches".into()),
                (Some(_), _) => (false, "the newest message does not match".into()),
                (None, _) => (false, "the visitor has written nothing yet".into()),
            },
            Self::Team { team } => match &told.team {
                is if is == team => (true, "it is this team's".into()),
                Some(_) => (false, "it is another team's".into()),
                None => (false, "it is no team's".into()),
            },
            Self::Owner { is } => (*is == told.owner, told.owner.words().into()),
            Self::Tagged { tag, has } => {
                let there = told.tags.iter().any(|one| one == tag.trim());
                let why = if there { "it has the tag" } else { "it does not have the tag" };
                (there == *has, format!("{why} {}", tag.trim()))
            }
            Self::Priority { at_least } => {
                let wanted = at_least.parse::<Priority>();
                let held = wanted.is_ok_and(|wanted| told.priority >= wanted);
                (held, format!("its priority is {}", told.priority.as_str()))
            }
            Self::Hours { team, open } => match told.hours.get(team) {
                // Neither open nor closed: whoever asks for one of them means a team that there is.
                None => (false, "the team was deleted".into()),
                Some(hours) => {
                    let is_open = hours.as_ref().is_none_or(|hours| hours.is_open(now));
                    let why = if is_open { "the team is open" } else { "the team is closed" };
                    (is_open == *open, why.into())
                }
            },
            Self::Page { contains } => match &told.visitor.page {
                Some(page) if page.to_lowercase().contains(&contains.trim().to_lowercase()) => {
                    (true, "the page matches".into())
                }
                Some(_) => (false, "the visitor is on another page".into()),
                None => (false, "the visitor's page is not known".into()),
            },
            Self::Email { known } => {
                let there = told.visitor.email.is_some();
                let why =
                    if there { "the e-mail address is known" } else { "the e-mail address is not known" };
                (there == *known, why.into())
            }
            Self::Answer { key, is } => match told.visitor.attributes.get(key) {
                Some(said) if said.trim().to_lowercase() == is.trim().to_lowercase() => {
                    (true, format!("{key} is this"))
                }
                Some(_) => (false, format!("{key} is something else")),
                None => (false, format!("{key} was not answered")),
            },
        }
    }
}
