//! What fits as an answer.

use crate::attributes::VALUE_CHARS;
use crate::limits::{EMAIL_CHARS, NAME_CHARS};
use serde::{Deserialize, Serialize};

/// What a question wants to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Any text.
    Text,
    /// A name, on one line.
    Name,
    /// An e-mail address.
    Email,
    /// A number, with a decimal point or comma.
    Number,
}

impl Kind {
    /// The answer as it is kept, if it fits.
    pub fn fit(self, said: &str) -> Option<String> {
        let said = said.trim();
        let chars = said.chars().count();
        let plain = !said.is_empty() && !said.contains('\0');
        let line = plain && !said.chars().any(char::is_control);
        match self {
            Self::Text => (plain && chars <= VALUE_CHARS).then(|| said.to_owned()),
            Self::Name => (line && chars <= NAME_CHARS).then(|| said.to_owned()),
            Self::Email => (line && chars <= EMAIL_CHARS && is_email(said)).then(|| said.to_owned()),
            Self::Number => number(said),
        }
    }

    /// What is said when an answer does not fit and the admin has said nothing.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Text => "Please answer in a sentence or two.",
            Self::Name => "Please write a name of at most 80 characters.",
            Self::Email => "That does not look like an e-mail address. It should be like ada@example.com.",
            Self::Number => "Please write a number, such as 42.",
        }
    }
}

/// Something before the one `@`, and a name with a dot behind it. Whether mail arrives there only mail can tell.
fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else { return false };
    let labels = host.split('.').all(|label| !label.is_empty()) && host.contains('.');
    crate::account::email(text).is_ok()
        && !local.is_empty()
        && labels
        && !host.contains('@')
        && !text.chars().any(char::is_whitespace)
}

fn number(text: &str) -> Option<String> {
    let text = text.replace(',', ".");
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let shape = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.matches('.').count() <= 1
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit());
    (shape && text.len() <= 30).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_fit_or_do_not() {
        for good in ["ada@example.com", " a.b+c@mail.example.org "] {
            assert_eq!(Kind::Email.fit(good).as_deref(), Some(good.trim()));
        }
        for bad in ["", "ada", "@example.com", "a@b", "a@b..c", "a@b@c.d", "a b@c.de", "a@.de", "a@de."] {
            assert_eq!(Kind::Email.fit(bad), None, "{bad:?}");
        }
        for (said, kept) in [("42", "42"), ("-3,5", "-3.5"), (" 0.25 ", "0.25")] {
            assert_eq!(Kind::Number.fit(said).as_deref(), Some(kept));
        }
        for bad in ["", "-", ".", "1.", ".5", "1.2.3", "1,2,3", "4e7", "²", &"9".repeat(31)] {
            assert_eq!(Kind::Number.fit(bad), None, "{bad:?}");
        }
        assert_eq!(Kind::Name.fit(" Ada "), Some("Ada".into()));
        assert_eq!(Kind::Name.fit("A\nB"), None);
        assert!(Kind::Text.fit("A\nB").is_some());
        assert_eq!(Kind::Text.fit("a\0b"), None);
        assert_eq!(Kind::Text.fit(&"é".repeat(VALUE_CHARS + 1)), None);
    }
}
