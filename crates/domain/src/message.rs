//! What people write: text, choices, and the client's id for a message.

use crate::limits;
use crate::secret::sha256_hex;
use serde::{Deserialize, Serialize};

/// 1 to 8,000 characters after trimming, any Unicode but NUL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text(String);

/// What stands where a text was erased.
pub const ERASED: &str = "[erased]";

/// Why a text is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// Nothing but white space.
    #[error("write something first: the text is blank")]
    Blank,
    /// Over the limit.
    #[error("shorten it: a text has at most 8,000 characters")]
    TooLong,
    /// Has a NUL character.
    #[error("remove the NUL character (U+0000) from the text")]
    Nul,
}

impl Text {
    /// The text, trimmed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first characters on one line, for lists.
    pub fn preview(&self) -> String {
        let line: String = self.0.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(limits::PREVIEW_CHARS) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line,
        }
    }
}

impl TryFrom<String> for Text {
    type Error = BadText;
    fn try_from(text: String) -> Result<Self, BadText> {
        let trimmed = text.trim();
        if trimmed.contains('\0') {
            return Err(BadText::Nul);
        }
        if trimmed.is_empty() {
            return Err(BadText::Blank);
        }
        // Bytes bound characters, so most texts are never counted.
        if trimmed.len() > limits::TEXT_CHARS && trimmed.chars().count() > limits::TEXT_CHARS {
            return Err(BadText::TooLong);
        }
        Ok(if trimmed.len() == text.len() { Self(text) } else { Self(trimmed.to_owned()) })
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

/// A quick reply that a message offers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Choice {
    /// What the button says.
    pub label: String,
    /// What is sent when it is chosen.
    pub value: String,
}

/// The client's id for a message: 16 to 64 characters of `[A-Za-z0-9_-]`, compared byte by byte, for ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientMsgId(String);

/// The text is no client message id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("client_msg_id is 16 to 64 characters of A-Z, a-z, 0-9, - and _")]
pub struct BadClientMsgId;

impl ClientMsgId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ClientMsgId {
    type Error = BadClientMsgId;
    fn try_from(text: String) -> Result<Self, BadClientMsgId> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if (16..=64).contains(&text.len()) && plain { Ok(Self(text)) } else { Err(BadClientMsgId) }
    }
}

impl From<ClientMsgId> for String {
    fn from(id: ClientMsgId) -> Self {
        id.0
    }
}

/// What makes a repeat the same message: kind and text. Stored beside the client's id for ever.
pub fn body_hash(kind: &str, text: &str) -> String {
    sha256_hex(format!("{kind}\n{text}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(s: &str) -> Result<Text, BadText> {
        Text::try_from(s.to_owned())
    }

    #[test]
    fn a_text_is_trimmed_and_bounded_in_characters_not_bytes() {
        assert_eq!(text("  hi \n").map(String::from), Ok("hi".into()));
        assert_eq!(text(" \n\t"), Err(BadText::Blank));
        assert_eq!(text("a\0b"), Err(BadText::Nul));
        assert!(text(&"🦀".repeat(limits::TEXT_CHARS)).is_ok());
        assert_eq!(text(&"🦀".repeat(limits::TEXT_CHARS + 1)), Err(BadText::TooLong));
    }

    #[test]
    fn a_preview_is_one_short_line() {
        let long = text(&"word\n".repeat(100)).map(|t| t.preview()).unwrap();
        assert_eq!(long.chars().count(), limits::PREVIEW_CHARS + 1);
        assert!(!long.contains('\n'));
    }

    #[test]
    fn client_ids_are_bounded_and_plain() {
        assert!(ClientMsgId::try_from("a".repeat(16)).is_ok());
        for bad in ["a".repeat(15), "a".repeat(65), format!("{}!", "a".repeat(16))] {
            assert_eq!(ClientMsgId::try_from(bad), Err(BadClientMsgId));
        }
    }
}
