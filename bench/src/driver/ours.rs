//! Our own sockets, visitors' and agents' (contract §3).

use anyhow::bail;
use switchboard_testkit::System;

use super::{Ask, Driver, Heard, Opening, Reads, Say, Session, Shelf, Who, behind, digits, number};
use crate::product::{self, Kind};
use crate::usage::Counted;

/// One system in one shape.
#[derive(Debug)]
pub struct Ours {
    name: String,
    address: String,
    durability: &'static str,
    processes: Vec<Counted>,
}

impl Ours {
    /// A system that runs in this shape.
    #[must_use]
    pub fn new(kind: Kind, system: &System) -> Self {
        Self {
            name: kind.to_string(),
            address: system.address(0),
            durability: kind.durability(),
            processes: product::counted(system),
        }
    }

    /// The same under another name in the tables.
    #[must_use]
    pub fn called(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }
}

impl Driver for Ours {
    fn name(&self) -> &str {
        &self.name
    }

    fn durability(&self) -> String {
        self.durability.into()
    }

    fn processes(&self) -> Vec<Counted> {
        self.processes.clone()
    }

    fn connect(&self, who: &Who) -> Opening {
        let (path, headers) = if who.is_staff {
            let origin = format!("http://{}", self.address);
            ("agent", vec![("Cookie".to_owned(), who.secret.clone()), ("Origin".to_owned(), origin)])
        } else {
            ("visitor", vec![])
        };
        Opening { address: self.address.clone(), path: format!("/api/v1/{path}/socket"), headers }
    }

    fn auth(
        &self,
        who: &Who,
        session: &mut Session,
        heard: Option<&[u8]>,
        say: &mut Say,
    ) -> anyhow::Result<bool> {
        hello(who, session, heard, say)
    }

    fn send_durable(&self, _: &mut Session, conversation: &str, number: u64, text: &str, say: &mut Say) {
        send(conversation, number, text, say);
    }

    fn await_delivered(&self, _: &mut Session, frame: &[u8], _: &mut Say, each: &mut dyn FnMut(Heard<'_>)) {
        read(frame).into_iter().for_each(each);
    }
}

impl Reads for Ours {
    fn name(&self) -> &str {
        &self.name
    }

    fn processes(&self) -> Vec<Counted> {
        self.processes.clone()
    }

    fn history(&self, who: &Who, conversation: &str, before: Option<u64>, limit: usize) -> Ask {
        /// More than there will be.
        const END: u64 = i64::MAX.unsigned_abs();
        let before = before.unwrap_or(END);
        self.ask(who, &format!("/conversations/{conversation}/entries?before={before}&limit={limit}"))
    }

    fn inbox(&self, who: &Who, shelf: Shelf, limit: usize) -> Ask {
        let (view, status) = match shelf {
            Shelf::Own => ("mine", "open"),
            Shelf::Queue => ("queue", "open"),
            Shelf::Resolved => ("all", "resolved"),
        };
        self.ask(who, &format!("/conversations?view={view}&status={status}&limit={limit}"))
    }
}

impl Ours {
    fn ask(&self, who: &Who, path: &str) -> Ask {
        let headers = vec![("Cookie".to_owned(), who.secret.clone())];
        Ask { address: self.address.clone(), path: format!("/api/v1{path}"), headers }
    }
}

/// Says hello, and waits for the welcome.
pub(super) fn hello(
    who: &Who,
    _session: &mut Session,
    heard: Option<&[u8]>,
    say: &mut Say,
) -> anyhow::Result<bool> {
    match heard {
        None if who.is_staff && who.name.is_empty() => say.text(&[br#"{"type":"hello"}"#]),
        None => say.text(&[br#"{"type":"hello","token":""#, who.secret.as_bytes(), br#""}"#]),
        Some(frame) if behind(frame, br#""type":"welcome""#).is_some() => return Ok(true),
        Some(frame) => bail!("{}", String::from_utf8_lossy(frame)),
    }
    Ok(false)
}

/// Writes a `send`.
pub(super) fn send(conversation: &str, number: u64, text: &str, say: &mut Say) {
    say.text(&[
        br#"{"type":"send","conversation":""#,
        conversation.as_bytes(),
        br#"","client_msg_id":""#,
        &digits(number),
        br#"","body":{"text":""#,
        text.as_bytes(),
        br#""}}"#,
    ]);
}

/// Reads what the load wants to know of a frame. Its type stands in front, and so does an acknowledgement's number.
pub(super) fn read(frame: &[u8]) -> Option<Heard<'_>> {
    const ID: &[u8] = br#""client_msg_id":""#;
    let kind = frame.strip_prefix(br#"{"type":""#)?;
    if kind.starts_with(b"ack") {
        behind(kind, ID).and_then(number).map(Heard::Acked)
    } else if kind.starts_with(b"entry") {
        last_behind(kind, ID).and_then(number).map(Heard::Delivered)
    } else if [&b"nack"[..], b"bye", b"reset"].iter().any(|end| kind.starts_with(end)) {
        Some(Heard::Refused(frame))
    } else {
        None
    }
}

/// What stands behind the last `key`: an entry's number is at its end, behind the text.
fn last_behind<'a>(text: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let at = text.windows(key.len()).rposition(|window| window == key)?;
    text.get(at + key.len()..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_say_what_the_load_wants_to_know() {
        let ack = br#"{"type":"ack","client_msg_id":"000000000000002a","conversation":"c","seq":7}"#;
        assert_eq!(read(ack), Some(Heard::Acked(42)));
        let entry = br#"{"type":"entry","entry":{"seq":7,"body":{"text":"\"client_msg_id\":\""},"client_msg_id":"000000000000002b"}}"#;
        assert_eq!(read(entry), Some(Heard::Delivered(43)));
        assert!(matches!(read(br#"{"type":"nack","code":"retry"}"#), Some(Heard::Refused(_))));
        assert_eq!(read(br#"{"type":"entry","entry":{"kind":"event"}}"#), None);
        assert_eq!(read(br#"{"type":"conversation"}"#), None);
    }
}
