//! What travels on a bus.

use std::borrow::Cow;

use bytes::Bytes;

use crate::error::BusError;
use crate::limits::MAX_MESSAGE_BYTES;
use crate::subject::{Subject, check_subject};

/// The status that a bus sets on the reply to a request that nobody was there to receive.
pub const STATUS_NO_RESPONDERS: u16 = 503;

/// A message: bytes for a subject, with an optional subject for replies and a few headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Where it goes, or where it came from.
    pub subject: Subject,
    /// Where replies go.
    pub reply: Option<Subject>,
    /// Small facts beside the payload.
    pub headers: Headers,
    /// Set by the bus itself, never by a publisher: [`STATUS_NO_RESPONDERS`].
    pub status: Option<u16>,
    /// The content.
    pub payload: Bytes,
}

impl Message {
    /// A message without reply subject and headers.
    pub fn new(subject: impl Into<Subject>, payload: impl Into<Bytes>) -> Self {
        Self {
            subject: subject.into(),
            reply: None,
            headers: Headers::default(),
            status: None,
            payload: payload.into(),
        }
    }

    /// The same with a subject for replies.
    #[must_use]
    pub fn reply_to(mut self, reply: impl Into<Subject>) -> Self {
        self.reply = Some(reply.into());
        self
    }

    /// The same with one more header; see [`Headers::push`].
    #[must_use]
    pub fn header(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.headers.push(name, value);
        self
    }

    /// Whether the bus says with this message that nobody received the request.
    #[must_use]
    pub fn is_no_responders(&self) -> bool {
        self.status == Some(STATUS_NO_RESPONDERS)
    }

    /// Payload and headers in bytes, as NATS counts them against its limit.
    #[must_use]
    pub fn size(&self) -> usize {
        self.headers.size() + self.payload.len()
    }

    /// Checks subjects and size, the same for every bus.
    ///
    /// # Errors
    /// [`BusError::BadSubject`] or [`BusError::TooLarge`].
    pub fn check(&self) -> Result<(), BusError> {
        check_subject(&self.subject)?;
        if let Some(reply) = &self.reply {
            check_subject(reply)?;
        }
        let size = self.size();
        if size > MAX_MESSAGE_BYTES {
            return Err(BusError::TooLarge { size, limit: MAX_MESSAGE_BYTES });
        }
        Ok(())
    }
}

/// A short list of names and values. The order of different names may change on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(Cow<'static, str>, String)>);

impl Headers {
    /// Adds a header. What cannot stand in a name (anything but visible ASCII, and the colon) becomes
    /// `-`; line breaks in a value become spaces, so that no value can forge a header.
    pub fn push(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        let (mut name, mut value) = (name.into(), value.into());
        let fits = |c: char| c.is_ascii_graphic() && c != ':';
        if name.is_empty() || !name.chars().all(fits) {
            let cleaned: String = name.chars().map(|c| if fits(c) { c } else { '-' }).collect();
            name = Cow::Owned(if cleaned.is_empty() { "-".to_owned() } else { cleaned });
        }
        if value.contains(['\r', '\n']) {
            value = value.replace(['\r', '\n'], " ");
        }
        // NATS trims values; doing it here makes every bus the same.
        let trimmed = value.trim();
        if trimmed.len() != value.len() {
            value = trimmed.to_owned();
        }
        self.0.push((name, value));
    }

    /// The first value under this name. Names are compared as they are, case included.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    /// All names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value.as_str()))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn size(&self) -> usize {
        const FRAME: usize = "NATS/1.0\r\n".len() + "\r\n".len();
        const LINE: usize = ": ".len() + "\r\n".len();
        if self.0.is_empty() {
            return 0;
        }
        FRAME + self.0.iter().map(|(name, value)| name.len() + value.len() + LINE).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_cannot_forge_another() {
        let message = Message::new("a", "").header("Na:me\r\n", " one\r\nEvil: two ");
        let all: Vec<_> = message.headers.iter().collect();
        assert_eq!(all, [("Na-me--", "one  Evil: two")]);
    }

    #[test]
    fn size_counts_headers_and_the_limit_is_exact() {
        let full = Message::new("a", vec![0; MAX_MESSAGE_BYTES]);
        assert_eq!(full.check(), Ok(()));
        let over = full.header("N", "v");
        assert_eq!(
            over.check(),
            Err(BusError::TooLarge { size: MAX_MESSAGE_BYTES + 18, limit: MAX_MESSAGE_BYTES })
        );
    }
}
