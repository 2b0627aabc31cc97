//! How the load speaks to a system under test: one file for each system.
//!
//! A driver does no input or output of its own. It writes what is to be sent and reads what came, so that the load
//! (`crate::load`) is the same for all of them, costs the same for all of them, and can run many thousand
//! connections in one thread.

pub mod bare;
pub mod ejabberd;
pub mod handmade;
pub mod nats_ws;
pub mod ours;
pub mod reader;
pub mod visitor;

use anyhow::{Context, bail};

use crate::usage::Counted;

/// Who connects, in the system's own terms: a visitor's token, an agent's cookie, an account and its password.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Who {
    /// The name, where the system wants one.
    pub name: String,
    /// The secret.
    pub secret: String,
    /// Whether it is one of those who follow many conversations.
    pub is_staff: bool,
}

/// What a connection opens with: the request that becomes a WebSocket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening {
    /// `127.0.0.1:PORT`.
    pub address: String,
    /// The path.
    pub path: String,
    /// Further header fields.
    pub headers: Vec<(String, String)>,
}

/// What a driver keeps about one connection.
#[derive(Debug, Default)]
pub struct Session {
    /// How far it has come with signing in; the driver's own count.
    pub step: u32,
    /// Whatever must be remembered between two frames: a part of a message, an epoch.
    pub kept: Vec<u8>,
}

/// What somebody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard<'a> {
    /// The message with this number is durable, by the system's own rule.
    Acked(u64),
    /// The message with this number, of whichever connection, has reached this one.
    Delivered(u64),
    /// What was asked for with [`Driver::resume`] is complete.
    Resumed,
    /// The system will not; the words are its own.
    Refused(&'a [u8]),
}

/// Where a connection stood before it was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The conversation.
    pub conversation: &'a str,
    /// What the system wants to know of the time before: an epoch, a stream's id.
    pub epoch: &'a str,
    /// The number of the last message that came.
    pub last_seq: u64,
    /// Its id.
    pub last_id: &'a str,
}

/// A question that is asked over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// `127.0.0.1:PORT`.
    pub address: String,
    /// Path and query.
    pub path: String,
    /// Header fields.
    pub headers: Vec<(String, String)>,
}

/// Frames to be sent, put together by a driver.
pub use crate::ws::Say;

/// A system under test, as the load sees it. Methods with a default answer are for what a system may lack.
pub trait Driver {
    /// Its name in the tables.
    fn name(&self) -> &str;

    /// When it says that a message is stored, in words for the report.
    fn durability(&self) -> String;

    /// The processes whose processor time counts as its own, bus and database included.
    fn processes(&self) -> Vec<Counted>;

    /// How a connection opens.
    fn connect(&self, who: &Who) -> Opening;

    /// Signs in: called once with nothing heard, then with each frame, until it answers `true`.
    ///
    /// # Errors
    /// When the system refuses.
    fn auth(
        &self,
        who: &Who,
        session: &mut Session,
        heard: Option<&[u8]>,
        say: &mut Say,
    ) -> anyhow::Result<bool>;

    /// Writes a message that is to be stored durably before it is acknowledged, and delivered to who follows the
    /// conversation. `number` is used once in the life of a system and comes back in [`Heard`].
    fn send_durable(&self, session: &mut Session, conversation: &str, number: u64, text: &str, say: &mut Say);

    /// Reads a frame: what is acknowledged and what is delivered by it. What the system wants answered, such as a
    /// ping of its own protocol, is answered.
    fn await_delivered(
        &self,
        session: &mut Session,
        frame: &[u8],
        say: &mut Say,
        each: &mut dyn FnMut(Heard<'_>),
    );

    /// Asks for what came after a place; `false` when the system cannot.
    fn resume(&self, _session: &mut Session, _from: Place<'_>, _say: &mut Say) -> bool {
        false
    }
}

/// The lists of conversations from which people work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// The asker's own open ones.
    Own,
    /// Those that wait for people.
    Queue,
    /// Everybody's resolved ones.
    Resolved,
}

impl Shelf {
    /// The name of each, as the bare reader knows it.
    const NAMES: [(Self, &'static str); 3] =
        [(Self::Own, "own"), (Self::Queue, "queue"), (Self::Resolved, "resolved")];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(shelf, _)| *shelf == self).map_or("", |(_, name)| name)
    }
}

impl std::str::FromStr for Shelf {
    type Err = anyhow::Error;
    fn from_str(text: &str) -> anyhow::Result<Self> {
        let found = Self::NAMES.iter().find(|(_, name)| *name == text);
        found.map(|(shelf, _)| *shelf).with_context(|| format!("no list {text}"))
    }
}

/// Whom the load asks for what is stored already.
pub trait Reads {
    /// Its name in the tables.
    fn name(&self) -> &str;

    /// The processes whose processor time counts as its own, the database included.
    fn processes(&self) -> Vec<Counted>;

    /// A page of `limit` messages before (the newest without) a number.
    fn history(&self, who: &Who, conversation: &str, before: Option<u64>, limit: usize) -> Ask;

    /// The first `limit` rows of a list of conversations, newest activity first, with what is unread of each.
    fn inbox(&self, who: &Who, shelf: Shelf, limit: usize) -> Ask;
}

/// How many digits a message's number has on the wire.
pub const NUMBER_DIGITS: usize = 16;

/// A message's number as it travels: 16 lower-case hexadecimal digits, which every system takes as an id.
#[must_use]
pub fn digits(number: u64) -> [u8; NUMBER_DIGITS] {
    let mut text = [0; NUMBER_DIGITS];
    for (at, digit) in text.iter_mut().enumerate() {
        let nibble = (number >> (60 - 4 * at)) & 0xf;
        *digit = b"0123456789abcdef"[nibble as usize];
    }
    text
}

/// The number at the start of `text`.
#[must_use]
pub fn number(text: &[u8]) -> Option<u64> {
    let digits = text.get(..NUMBER_DIGITS)?;
    digits.iter().try_fold(0, |number, digit| {
        let nibble = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u64::from(nibble))
    })
}

/// What stands behind the first `key` in `text`; faster than reading the whole as JSON.
#[must_use]
pub fn behind<'a>(text: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let at = text.windows(key.len()).position(|window| window == key)?;
    text.get(at + key.len()..)
}

/// The string (without escapes) in which `text` begins, up to its closing quote.
///
/// # Errors
/// When it does not end.
pub fn string(text: &[u8]) -> anyhow::Result<&str> {
    match text.iter().position(|byte| *byte == b'"').and_then(|end| text.get(..end)) {
        Some(text) => Ok(std::str::from_utf8(text)?),
        None => bail!("no end of a string in {}", String::from_utf8_lossy(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_comes_back_from_the_wire() {
        for n in [0, 1, 0xdead_beef, u64::MAX] {
            assert_eq!(number(&digits(n)), Some(n));
        }
        assert_eq!(number(b"00000000000000g1"), None);
        assert_eq!(number(b"short"), None);
    }

    #[test]
    fn keys_are_found_without_reading_json() {
        let frame = br#"{"type":"ack","client_msg_id":"000000000000002a","seq":7}"#;
        assert_eq!(behind(frame, b"\"client_msg_id\":\"").and_then(number), Some(42));
        assert_eq!(behind(frame, b"nothing"), None);
        assert_eq!(string(b"abc\",").unwrap(), "abc");
    }
}
