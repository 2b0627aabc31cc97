//! Saved views: lists of conversations that agents look at again and again, under a name.

use crate::conversation::Status;
use crate::id::TeamId;
use crate::limits::NAME_CHARS;
use crate::tag::{self, BadTag};
use serde::{Deserialize, Serialize};

/// Longest search text of a list, in characters: the longest e-mail address.
pub const PREFIX_CHARS: usize = 254;

/// For whom a view is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever saved it.
    Own,
    /// Every agent.
    All,
}

impl Audience {
    /// The name in the API and in the tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::All => "all",
        }
    }
}

impl std::str::FromStr for Audience {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Own, Self::All].into_iter().find(|audience| audience.as_str() == text).ok_or(())
    }
}

/// Which part of the inbox a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What the agent who looks has.
    Mine,
    /// The queue.
    Queue,
    /// All that the agent who looks may see.
    All,
}

/// What a list shows. It names no agent: whoever looks sees what is theirs to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Which part of the inbox.
    pub view: Part,
    /// Only with this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Only with this tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Only of this team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Only what begins so: the visitor's name or e-mail address, or the conversation's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
}

/// Why a view cannot be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadView {
    /// The name does not do.
    #[error("give it a name of 1 to {NAME_CHARS} characters on one line")]
    Name,
    /// The tag is none.
    #[error(transparent)]
    Tag(#[from] BadTag),
    /// The search text is too long.
    #[error("give at most {PREFIX_CHARS} characters")]
    Prefix,
}

/// Checks a name: 1 to 80 characters after trimming, on one line.
///
/// # Errors
/// When it is blank, longer or not on one line.
pub fn name(text: &str) -> Result<String, BadView> {
    let text = text.trim();
    let fits =
        !text.is_empty() && text.chars().nth(NAME_CHARS).is_none() && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(BadView::Name) }
}

impl Filter {
    /// Trims what it holds; blank texts are none.
    ///
    /// # Errors
    /// When the tag is none, or the search text is too long.
    pub fn checked(mut self) -> Result<Self, BadView> {
        let text =
            |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        self.tag = text(self.tag).map(|text| tag::tag(&text)).transpose()?;
        self.q = text(self.q);
        if self.q.as_ref().is_some_and(|q| q.chars().nth(PREFIX_CHARS).is_some()) {
            return Err(BadView::Prefix);
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_lines() {
        assert_eq!(name("  Late refunds "), Ok("Late refunds".into()));
        for bad in ["", "  ", "a\nb", &"x".repeat(NAME_CHARS + 1)] {
            assert_eq!(name(bad), Err(BadView::Name), "{bad:?}");
        }
    }

    #[test]
    fn a_filter_is_trimmed_and_bounded() {
        let filter = Filter {
            view: Part::All,
            status: None,
            tag: Some(" vip ".into()),
            team: None,
            q: Some(" ".into()),
        };
        let checked = filter.clone().checked();
        assert_eq!(checked, Ok(Filter { tag: Some("vip".into()), q: None, ..filter.clone() }));
        let long = Filter { tag: None, q: Some("x".repeat(PREFIX_CHARS + 1)), ..filter.clone() };
        assert_eq!(long.checked(), Err(BadView::Prefix));
        assert_eq!(Filter { tag: Some("a\u{7}".into()), ..filter }.checked(), Err(BadView::Tag(BadTag)));
    }

    #[test]
    fn it_is_kept_without_what_is_not_said() {
        let filter = Filter { view: Part::Mine, status: Some(Status::Open), tag: None, team: None, q: None };
        let text = serde_json::to_string(&filter).unwrap();
        assert_eq!(text, r#"{"view":"mine","status":"open"}"#);
        assert_eq!(serde_json::from_str::<Filter>(&text).unwrap(), filter);
        assert_eq!("all".parse(), Ok(Audience::All));
        assert_eq!("team".parse::<Audience>(), Err(()));
    }
}
