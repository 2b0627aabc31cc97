//! What the operator has set.

use http::HeaderValue;
use std::fmt;
use std::time::Duration;
use switchboard_outbound::{Failure, Target};

/// The key of an endpoint: sent, never shown and never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// A key of this text, without white space around it.
    ///
    /// # Errors
    /// When it is none that can be sent.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("a key is one line of printable ASCII characters");
        }
        Ok(Self(text.to_owned()))
    }

    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.0)).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// How the assistant works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where chats are completed.
    pub target: Target,
    /// For the header `Authorization`, if the endpoint wants one.
    pub key: Option<Key>,
    /// Which model.
    pub model: String,
    /// Most tokens of one answer.
    pub max_tokens: u32,
    /// Answers in one conversation before people take over.
    pub turns: u32,
    /// Tokens of one conversation, questions and answers together, before people take over; 0 for no such cap.
    pub tokens: u64,
    /// Requests of this process within a minute, whoever they are for; 0 for no such cap.
    pub requests_per_min: u32,
    /// Tokens of this process within an hour, questions and answers together; 0 for no such cap.
    pub tokens_per_hour: u32,
    /// How long one answer may take.
    pub timeout: Duration,
    /// Less sure than this is doubt, from 0 to 1.
    pub confidence_floor: f64,
    /// Whether who takes over finds a summary.
    pub summary: bool,
    /// The address by which visitors reach the installation, for links.
    pub base: String,
}

impl Settings {
    /// Where an endpoint completes chats: `base_url` is what its makers call so, such as `https://api.openai.com/v1`.
    ///
    /// # Errors
    /// When that is no address.
    pub fn endpoint(base_url: &str) -> Result<Target, Failure> {
        format!("{}/chat/completions", base_url.trim().trim_end_matches('/')).parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_shown() {
        let key = Key::new(" sk-secret\n").unwrap();
        let header = key.header().unwrap();
        assert_eq!(header, "Bearer sk-secret");
        assert!(!format!("{key:?} {header:?}").contains("secret"));
        for bad in ["", " ", "two words", "ключ", "a\nb"] {
            assert!(Key::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_endpoint_is_below_its_base() {
        let target = Settings::endpoint("https://api.example.org/v1/").unwrap();
        assert_eq!(target.to_string(), "https://api.example.org/v1/chat/completions");
        assert!(Settings::endpoint("api.example.org").is_err());
    }
}
