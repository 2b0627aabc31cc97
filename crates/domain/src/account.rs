//! Staff accounts and the rules for their names.

use crate::clock::Millis;
use crate::id::AccountId;
use crate::limits;
use crate::role::Role;

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Random, never reused.
    pub id: AccountId,
    /// The name to sign in with; one name space for all roles.
    pub username: String,
    /// The name that people see.
    pub display_name: String,
    /// What the account is for.
    pub role: Role,
    /// Whether it may do anything at all.
    pub active: bool,
    /// Whether the password was given by somebody else and must be changed first.
    pub must_change_password: bool,
    /// The PHC string of the password's hash.
    pub password_hash: String,
    /// Most conversations handed to this agent at once.
    pub capacity: i64,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last changed.
    pub updated_at: Millis,
}

/// Why a name is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// Not of the form of a username.
    #[error("a username is 2 to 64 characters of a-z, 0-9, dot, underscore and hyphen")]
    Username,
    /// Blank, too long, or with control characters.
    #[error("a name is 1 to 80 characters on one line")]
    Shown,
    /// Not the form of an e-mail address.
    #[error("give an e-mail address of the form name@example.org")]
    Email,
}

/// Checks a username: 2 to 64 of `[a-z0-9._-]`.
pub fn username(text: &str) -> Result<String, BadName> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
    if (2..=64).contains(&text.len()) && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(BadName::Username)
    }
}

/// Checks a name that people see: 1 to 80 characters after trimming, no control characters.
pub fn shown_name(text: &str) -> Result<String, BadName> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= limits::NAME_CHARS;
    if fits && !text.chars().any(char::is_control) { Ok(text.to_owned()) } else { Err(BadName::Shown) }
}

/// Checks the form of an e-mail address; whether mail arrives only mail can tell.
pub fn email(text: &str) -> Result<String, BadName> {
    let text = text.trim();
    let good = text.chars().count() <= limits::EMAIL_CHARS
        && !text.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';'))
        && text.rsplit_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && !host.is_empty() && !host.starts_with('.') && !host.ends_with('.')
        });
    if good { Ok(text.to_owned()) } else { Err(BadName::Email) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_plain() {
        for good in ["ab", "maya.o_k-1", &"a".repeat(64)] {
            assert!(username(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "Maya", "a b", "é2", &"a".repeat(65)] {
            assert_eq!(username(bad), Err(BadName::Username), "{bad}");
        }
    }

    #[test]
    fn shown_names_stay_on_one_line() {
        assert_eq!(shown_name("  Maya Øst "), Ok("Maya Øst".into()));
        for bad in ["", "  ", "a\nb", "a\0", &"x".repeat(81)] {
            assert_eq!(shown_name(bad), Err(BadName::Shown));
        }
    }

    #[test]
    fn addresses_have_a_name_and_a_host() {
        assert!(email("a+b@example.org").is_ok());
        for bad in ["a", "@x", "a@", "a b@x.org", "a@.org", "<a@x.org>"] {
            assert_eq!(email(bad), Err(BadName::Email), "{bad}");
        }
    }
}
