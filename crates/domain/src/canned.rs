//! Canned replies: texts that agents send again and again, found by a shortcut, with places for names.

use crate::id::{AccountId, TeamId};
use crate::message::{BadText, Text};

/// The names that a text may hold between `{{` and `}}`; the composer puts in what is known of the conversation.
pub const VARIABLES: [&str; 5] =
    ["visitor.name", "visitor.first_name", "visitor.email", "agent.name", "agent.first_name"];

/// Longest shortcut, in characters.
pub const SHORTCUT_CHARS: usize = 32;

/// Whose a canned reply is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// Every agent's; admins keep it.
    All,
    /// That of the agents of a team; admins keep it.
    Team(TeamId),
    /// One agent's own.
    Own(AccountId),
}

impl Holder {
    /// Of which kind: `all`, `team` or `own`.
    pub fn scope(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Team(_) => "team",
            Self::Own(_) => "own",
        }
    }

    /// The id of the team or the agent; empty for everybody.
    pub fn id(&self) -> &str {
        match self {
            Self::All => "",
            Self::Team(team) => team.as_str(),
            Self::Own(agent) => agent.as_str(),
        }
    }

    /// Reads what [`Holder::scope`] and [`Holder::id`] say.
    pub fn of(scope: &str, id: &str) -> Option<Self> {
        match scope {
            "all" => Some(Self::All),
            "team" => id.parse().ok().map(Self::Team),
            "own" => id.parse().ok().map(Self::Own),
            _ => None,
        }
    }
}

/// Why a canned reply is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCanned {
    /// Not of the form of a shortcut.
    #[error(
        "a shortcut is 1 to 32 characters of a-z, 0-9, dot, underscore and hyphen, such as refund-policy"
    )]
    Shortcut,
    /// Not a message that could be sent.
    #[error(transparent)]
    Text(#[from] BadText),
    /// Names something that nobody puts in.
    #[error("nothing is called {{{{{0}}}}}: use {known}", known = known())]
    Unknown(String),
    /// A `{{` without its `}}`.
    #[error("close {{{{ with }}}}, as in {{{{visitor.first_name|there}}}}")]
    Open,
}

fn known() -> String {
    VARIABLES.map(|name| format!("{{{{{name}}}}}")).join(", ")
}

/// Checks a shortcut, what is typed behind `/`.
///
/// # Errors
/// When it is not 1 to 32 of `[a-z0-9._-]`.
pub fn shortcut(text: &str) -> Result<String, BadCanned> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
    if (1..=SHORTCUT_CHARS).contains(&text.len()) && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(BadCanned::Shortcut)
    }
}

/// Checks a text: one that can be sent, whose every `{{name}}` or `{{name|instead}}` is known; `instead` stands there
/// when the name's value is not known.
///
/// # Errors
/// When it could not be sent, or holds a name that nobody puts in.
pub fn text(text: &str) -> Result<Text, BadCanned> {
    let text = Text::try_from(text.to_owned())?;
    let mut rest = text.as_str();
    while let Some((_, behind)) = rest.split_once("{{") {
        let (inside, after) = behind.split_once("}}").ok_or(BadCanned::Open)?;
        let name = inside.split_once('|').map_or(inside, |(name, _)| name).trim();
        if !VARIABLES.contains(&name) {
            return Err(BadCanned::Unknown(name.to_owned()));
        }
        rest = after;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holders_are_read_as_they_are_written() {
        let own = Holder::Own("a1".parse().unwrap());
        for holder in [Holder::All, Holder::Team("t1".parse().unwrap()), own] {
            assert_eq!(Holder::of(holder.scope(), holder.id()), Some(holder));
        }
        assert_eq!(Holder::of("team", ""), None);
        assert_eq!(Holder::of("house", "a1"), None);
    }

    #[test]
    fn shortcuts_are_short_and_plain() {
        assert_eq!(shortcut("refund-policy.2").as_deref(), Ok("refund-policy.2"));
        for bad in ["", "Refund", "a b", "/refund", "é", &"x".repeat(SHORTCUT_CHARS + 1)] {
            assert_eq!(shortcut(bad), Err(BadCanned::Shortcut), "{bad:?}");
        }
    }

    #[test]
    fn only_names_that_are_put_in_may_stand_in_a_text() {
        for good in [
            "Hello!",
            "Hi {{visitor.first_name|there}}, I am {{ agent.name }}.",
            "a } b { c }} d",
            "{{visitor.email|}}",
        ] {
            assert!(text(good).is_ok(), "{good}");
        }
        assert_eq!(text("Hi {{name}}"), Err(BadCanned::Unknown("name".into())));
        assert_eq!(text("Hi {{agent.name}} {{visitor.name"), Err(BadCanned::Open));
        assert_eq!(text("  "), Err(BadCanned::Text(BadText::Blank)));
    }

    #[test]
    fn what_is_said_of_it_shows_what_to_write() {
        let said = text("{{nome}}").unwrap_err().to_string();
        assert!(said.starts_with("nothing is called {{nome}}: use {{visitor.name}}, "), "{said}");
        assert!(BadCanned::Open.to_string().contains("{{visitor.first_name|there}}"));
    }
}
