//! What rules are told of a conversation.

use super::OwnerKind;
use crate::attributes::Attributes;
use crate::author::AuthorKind;
use crate::clock::Millis;
use crate::conversation::Status;
use crate::hours::Hours;
use crate::id::{EntryId, RuleId, TeamId};
use crate::priority::Priority;
use std::collections::BTreeMap;

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// The conversation was started.
    Started,
    /// The visitor wrote.
    Message {
        /// Which entry.
        entry: EntryId,
        /// Its place in the log.
        seq: i64,
        /// What.
        text: String,
    },
    /// The visitor still waits.
    Waiting {
        /// Since when.
        since: Millis,
        /// For how long.
        for_ms: Millis,
    },
    /// A tag was put on.
    Tagged {
        /// Which entry says so.
        entry: EntryId,
        /// The tag.
        tag: String,
    },
    /// The visitor rated.
    Rated {
        /// Which entry says so.
        entry: EntryId,
        /// 1 to 5.
        rating: i64,
    },
    /// The hours of its team began, or ended.
    Hours {
        /// Which team.
        team: TeamId,
        /// Whether it opened.
        open: bool,
        /// When.
        at: Millis,
    },
}

/// What makes one occurrence differ from another: a rule fires at most once for each of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurrence(String);

impl Occurrence {
    /// At most 28 ASCII characters, as it stands in the tables.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Happened {
    /// What it is, in a word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Message { .. } => "message",
            Self::Waiting { .. } => "waiting",
            Self::Tagged { .. } => "tagged",
            Self::Rated { .. } => "rated",
            Self::Hours { .. } => "hours",
        }
    }

    /// Which occurrence it is. A wait is one occurrence, however often it is looked at.
    pub fn occurrence(&self) -> Occurrence {
        Occurrence(match self {
            Self::Started => "started".into(),
            Self::Message { entry, .. } => format!("m-{entry}"),
            Self::Waiting { since, .. } => format!("w-{since}"),
            Self::Tagged { entry, .. } => format!("t-{entry}"),
            Self::Rated { entry, .. } => format!("r-{entry}"),
            Self::Hours { at, .. } => format!("h-{at}"),
        })
    }
}

/// What is known of the visitor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The name; may be empty.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The page that the visitor is on.
    pub page: Option<String>,
    /// Answers to the form.
    pub attributes: Attributes,
}

/// What rules are told: all that they look at, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// What has happened.
    pub happened: Happened,
    /// When.
    pub at: Millis,
    /// Whose doing it was.
    pub by: AuthorKind,
    /// The visitor's newest message, if there is one.
    pub newest: Option<String>,
    /// Its place in the log; 0 when there is none.
    pub last_inbound: i64,
    /// Open, snoozed or resolved.
    pub status: Status,
    /// Who has it.
    pub owner: OwnerKind,
    /// The team in whose queue it is or was.
    pub team: Option<TeamId>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its priority.
    pub priority: Priority,
    /// Of the visitor.
    pub visitor: Person,
    /// Every team that there is, with its hours where it has any.
    pub hours: BTreeMap<TeamId, Option<Hours>>,
    /// How many rules have fired in this conversation within [`super::PACE_MS`].
    pub fired: i64,
    /// How many were written down in that time because they did not.
    pub unfired: i64,
    /// The rules that were looked at for this occurrence before, and are not looked at again.
    pub done: Vec<RuleId>,
}

impl Situation {
    /// Whether the visitor has written since the message that this is about: whoever ends or puts the conversation aside
    /// because of that one does not know the newer.
    pub(super) fn is_overtaken(&self) -> bool {
        matches!(self.happened, Happened::Message { seq, .. } if seq < self.last_inbound)
    }
}
