//! XMPP over WebSocket (RFC 7395), as far as a chat needs it: SASL PLAIN, a resource, stream management (XEP-0198) for
//! acknowledgements, the archive (XEP-0313) for what was missed. Strings are put together and searched by hand: the load
//! must not be slower than what it measures.
//!
//! A conversation is the account at its other end.

use anyhow::bail;

use super::{Driver, Heard, Opening, Place, Say, Session, Who, behind, digits, number};
use crate::peer::ejabberd::DOMAIN;
use crate::product::MARIADB_DURABILITY;
use crate::usage::Counted;

const OPEN: &[u8] = b"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>";
const BIND: &[u8] = b"<iq xmlns='jabber:client' id='bind' type='set'>\
    <bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>";
const ENABLE: &[u8] = b"<enable xmlns='urn:xmpp:sm:3' resume='true'/>";
const PRESENCE: &[u8] = b"<presence xmlns='jabber:client'/>";
const ASK_ACK: &[u8] = b"<r xmlns='urn:xmpp:sm:3'/>";
/// Entries of the archive in one page.
const PAGE: usize = 50;

// How far a client has come.
const OPENED: u32 = 1;
const SIGNING_IN: u32 = 2;
const REOPENED: u32 = 3;
const BINDING: u32 = 4;
const PRESENT: u32 = 5;

/// The clients of an ejabberd.
#[derive(Debug)]
pub struct Ejabberd {
    address: String,
    processes: Vec<Counted>,
}

impl Ejabberd {
    /// Those of the server that listens here. `processes` are its own and its database's.
    #[must_use]
    pub fn new(address: String, processes: Vec<Counted>) -> Self {
        Self { address, processes }
    }
}

/// What [`Session::kept`] holds: counts of stanzas, and the numbers of messages that are not acknowledged yet.
struct Counts {
    /// Stanzas that came.
    received: u64,
    /// Stanzas of ours that the server has acknowledged.
    acked: u64,
}

const COUNTS_BYTES: usize = 16;
const NUMBER_BYTES: usize = 8;

impl Counts {
    fn read(kept: &[u8]) -> Self {
        let at = |from: usize| {
            let bytes = kept.get(from..).and_then(|rest| rest.first_chunk());
            bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes))
        };
        Self { received: at(0), acked: at(NUMBER_BYTES) }
    }

    fn write(&self, kept: &mut Vec<u8>) {
        if kept.len() < COUNTS_BYTES {
            kept.resize(COUNTS_BYTES, 0);
        }
        kept[..NUMBER_BYTES].copy_from_slice(&self.received.to_le_bytes());
        kept[NUMBER_BYTES..COUNTS_BYTES].copy_from_slice(&self.acked.to_le_bytes());
    }
}

impl Driver for Ejabberd {
    fn name(&self) -> &str {
        "ejabberd, archive on MariaDB"
    }

    fn durability(&self) -> String {
        format!(
            "{MARIADB_DURABILITY}; the sender's archive row commits before the stanza goes on, the receiver's before \
             it is delivered; a failed archive write is only logged"
        )
    }

    fn processes(&self) -> Vec<Counted> {
        self.processes.clone()
    }

    fn connect(&self, _who: &Who) -> Opening {
        let headers = vec![("Sec-WebSocket-Protocol".into(), "xmpp".into())];
        Opening { address: self.address.clone(), path: "/ws".into(), headers }
    }

    fn auth(
        &self,
        who: &Who,
        session: &mut Session,
        heard: Option<&[u8]>,
        say: &mut Say,
    ) -> anyhow::Result<bool> {
        let Some(frame) = heard else {
            say.text(&[OPEN]);
            session.step = OPENED;
            return Ok(false);
        };
        let has = |word: &[u8]| behind(frame, word).is_some();
        match session.step {
            _ if frame.starts_with(b"<open ") => {}
            OPENED if has(b"<mechanisms") => {
                let plain = base64(format!("\0{}\0{}", who.name, who.secret).as_bytes());
                let auth = b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>";
                say.text(&[auth, plain.as_bytes(), b"</auth>"]);
                session.step = SIGNING_IN;
            }
            SIGNING_IN if frame.starts_with(b"<success") => {
                say.text(&[OPEN]);
                session.step = REOPENED;
            }
            REOPENED if has(b"<bind") => {
                say.text(&[BIND]);
                session.step = BINDING;
            }
            BINDING if has(b"type='result'") => {
                say.text(&[ENABLE]);
                say.text(&[PRESENCE]);
                session.step = PRESENT;
                session.kept.clear();
            }
            PRESENT if frame.starts_with(b"<enabled") => {}
            // Our own presence comes back: whoever is to hear of us does.
            PRESENT if frame.starts_with(b"<presence") => {
                Counts { received: 1, acked: 1 }.write(&mut session.kept);
                return Ok(true);
            }
            _ => bail!("ejabberd says {}", String::from_utf8_lossy(frame)),
        }
        Ok(false)
    }

    fn send_durable(
        &self,
        session: &mut Session,
        conversation: &str,
        number: u64,
        text: &str,
        say: &mut Say,
    ) {
        session.kept.extend_from_slice(&number.to_le_bytes());
        let id = digits(number);
        say.text(&[
            b"<message xmlns='jabber:client' type='chat' to='",
            conversation.as_bytes(),
            b"@",
            DOMAIN.as_bytes(),
            b"' id='",
            &id,
            b"'><body>",
            text.as_bytes(),
            b"</body></message>",
        ]);
        // Stanzas of one client are handled one after the other, so this is answered after the archive's commit.
        say.text(&[ASK_ACK]);
    }

    fn await_delivered(
        &self,
        session: &mut Session,
        frame: &[u8],
        say: &mut Say,
        each: &mut dyn FnMut(Heard<'_>),
    ) {
        let mut counts = Counts::read(&session.kept);
        if frame.starts_with(b"<r ") {
            let h = counts.received.to_string();
            return say.text(&[b"<a xmlns='urn:xmpp:sm:3' h='", h.as_bytes(), b"'/>"]);
        }
        if frame.starts_with(b"<a ") {
            let h = behind(frame, b"h='").and_then(decimal).unwrap_or(counts.acked);
            let newly = usize::try_from(h.saturating_sub(counts.acked)).unwrap_or(0);
            let waiting = session.kept.get(COUNTS_BYTES..).unwrap_or_default();
            let (numbers, _) = waiting.as_chunks::<NUMBER_BYTES>();
            let newly = newly.min(numbers.len());
            numbers[..newly].iter().for_each(|number| each(Heard::Acked(u64::from_le_bytes(*number))));
            session.kept.drain(COUNTS_BYTES..COUNTS_BYTES + newly * NUMBER_BYTES);
            counts.acked = h;
            return counts.write(&mut session.kept);
        }
        counts.received += 1;
        counts.write(&mut session.kept);
        if frame.starts_with(b"<message") {
            // One from the archive has another inside, which is the one that counts.
            let message = behind(frame, b"<forwarded").and_then(|inner| behind(inner, b"<message"));
            if let Some(number) = behind(message.unwrap_or(frame), b" id='").and_then(number) {
                each(Heard::Delivered(number));
            }
        } else if behind(frame, b"<fin ").is_some() {
            each(Heard::Resumed);
        } else if behind(frame, b"type='error'").is_some() {
            each(Heard::Refused(frame));
        }
    }

    /// From the archive, since a restart forgets the streams that could be resumed.
    fn resume(&self, session: &mut Session, from: Place<'_>, say: &mut Say) -> bool {
        // The query is a stanza of ours that is acknowledged with the messages.
        let mut counts = Counts::read(&session.kept);
        counts.acked += 1;
        counts.write(&mut session.kept);
        let after = match from.last_id {
            "" => String::new(),
            id => format!("<after>{id}</after>"),
        };
        let query = format!(
            "<iq xmlns='jabber:client' type='set' id='mam'><query xmlns='urn:xmpp:mam:2'>\
             <x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>\
             <value>urn:xmpp:mam:2</value></field></x>\
             <set xmlns='http://jabber.org/protocol/rsm'><max>{PAGE}</max>{after}</set></query></iq>"
        );
        say.text(&[query.as_bytes()]);
        true
    }
}

/// The decimal number at the start of `text`.
fn decimal(text: &[u8]) -> Option<u64> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    std::str::from_utf8(&text[..end]).ok()?.parse().ok()
}

/// Base 64, with padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let at = |n: usize| u32::from(three.get(n).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * digit)) as usize & 0x3f];
            text.push(if digit <= three.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn driver() -> Ejabberd {
        Ejabberd::new("127.0.0.1:1".into(), vec![])
    }

    fn hear(session: &mut Session, frame: &str) -> (Vec<String>, bool) {
        let (mut say, mut heard) = (Say::default(), vec![]);
        driver()
            .await_delivered(session, frame.as_bytes(), &mut say, &mut |one| heard.push(format!("{one:?}")));
        (heard, !say.bytes().is_empty())
    }

    #[test]
    fn base64_is_as_in_rfc_4648() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn acknowledgements_are_counted_back_to_messages() {
        let (mut session, mut say) = (Session::default(), Say::default());
        Counts { received: 1, acked: 1 }.write(&mut session.kept);
        (7..10).for_each(|number| driver().send_durable(&mut session, "u1", number, "hello", &mut say));
        assert_eq!(hear(&mut session, "<a h='3' xmlns='urn:xmpp:sm:3'/>").0, ["Acked(7)", "Acked(8)"]);
        assert_eq!(hear(&mut session, "<a h='3' xmlns='urn:xmpp:sm:3'/>").0, [""; 0]);
        assert_eq!(hear(&mut session, "<a h='4' xmlns='urn:xmpp:sm:3'/>").0, ["Acked(9)"]);
    }

    #[test]
    fn messages_are_told_apart_from_those_of_the_archive() {
        let mut session = Session::default();
        let live = "<message xmlns='jabber:client' to='u2@localhost' id='0000000000000007'>\
            <stanza-id by='u2@localhost' id='1795633880044225'/><body>x</body></message>";
        assert_eq!(hear(&mut session, live).0, ["Delivered(7)"]);
        let kept = "<message to='u2@localhost/r'><result id='1795633880044225'><forwarded><message to='u2' \
            id='0000000000000008'><body>x</body></message></forwarded></result></message>";
        assert_eq!(hear(&mut session, kept).0, ["Delivered(8)"]);
        let done = "<iq type='result' id='mam'><fin complete='true' xmlns='urn:xmpp:mam:2'/></iq>";
        assert_eq!(hear(&mut session, done).0, ["Resumed"]);
        assert!(hear(&mut session, "<r xmlns='urn:xmpp:sm:3'/>").1, "asked how much has come");
        assert_eq!(Counts::read(&session.kept).received, 3);
    }
}
