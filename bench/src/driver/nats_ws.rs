//! NATS's own protocol in WebSocket frames: a subject is a conversation. It keeps nothing and acknowledges nothing.

use std::net::SocketAddr;

use anyhow::bail;

use super::{Driver, Heard, NUMBER_DIGITS, Opening, Say, Session, Who, digits, number};
use crate::peer::nats_ws::TOKEN;
use crate::usage::Counted;

/// How far a client has come.
const ASKED: u32 = 1;

/// The clients of a nats-server.
#[derive(Debug)]
pub struct NatsWs {
    address: SocketAddr,
    pid: u32,
}

impl NatsWs {
    /// Those of the server that listens here.
    #[must_use]
    pub fn new(address: SocketAddr, pid: u32) -> Self {
        Self { address, pid }
    }
}

impl Driver for NatsWs {
    fn name(&self) -> &str {
        "NATS over WebSocket"
    }

    fn durability(&self) -> String {
        "nothing is kept".into()
    }

    fn processes(&self) -> Vec<Counted> {
        vec![Counted::new("nats-server", self.pid)]
    }

    fn connect(&self, _who: &Who) -> Opening {
        Opening { address: self.address.to_string(), path: "/".into(), headers: vec![] }
    }

    /// [`Who::name`] is the subject that is listened to.
    fn auth(
        &self,
        who: &Who,
        session: &mut Session,
        heard: Option<&[u8]>,
        say: &mut Say,
    ) -> anyhow::Result<bool> {
        match (session.step, heard) {
            (_, None) => {
                session.kept.clear();
                Ok(false)
            }
            (0, Some(info)) if info.starts_with(b"INFO ") => {
                session.step = ASKED;
                let options = format!("{{\"auth_token\":\"{TOKEN}\",\"verbose\":false,\"echo\":true}}");
                let words = format!("CONNECT {options}\r\nSUB {} 1\r\nPING\r\n", who.name);
                say.binary(&[words.as_bytes()]);
                Ok(false)
            }
            (ASKED, Some(b"PONG\r\n")) => Ok(true),
            // A server says PING as soon as it knows somebody.
            (ASKED, Some(words)) if words.starts_with(b"PING") || words.ends_with(b"PONG\r\n") => {
                if words.starts_with(b"PING") {
                    say.binary(&[b"PONG\r\n"]);
                }
                Ok(words.ends_with(b"PONG\r\n"))
            }
            (_, Some(words)) => bail!("nats-server says {}", String::from_utf8_lossy(words)),
        }
    }

    fn send_durable(
        &self,
        _session: &mut Session,
        conversation: &str,
        number: u64,
        text: &str,
        say: &mut Say,
    ) {
        let length = (NUMBER_DIGITS + text.len()).to_string();
        say.binary(&[
            b"PUB ",
            conversation.as_bytes(),
            b" ",
            length.as_bytes(),
            b"\r\n",
            &digits(number),
            text.as_bytes(),
            b"\r\n",
        ]);
    }

    fn await_delivered(
        &self,
        session: &mut Session,
        frame: &[u8],
        say: &mut Say,
        each: &mut dyn FnMut(Heard<'_>),
    ) {
        // Frames and the protocol's lines need not end together.
        if session.kept.is_empty() {
            let rest = lines(frame, say, each);
            session.kept.extend_from_slice(rest);
        } else {
            session.kept.extend_from_slice(frame);
            let kept = std::mem::take(&mut session.kept);
            session.kept.extend_from_slice(lines(&kept, say, each));
        }
    }
}

/// Reads whole lines, and messages behind them; answers what is left.
fn lines<'a>(mut rest: &'a [u8], say: &mut Say, each: &mut dyn FnMut(Heard<'_>)) -> &'a [u8] {
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let (line, behind) = (&rest[..end], &rest[end + 2..]);
        if line.starts_with(b"MSG ") {
            let length = line.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
            let length = std::str::from_utf8(length).ok().and_then(|text| text.parse::<usize>().ok());
            let Some(payload) = length.and_then(|length| behind.get(..length)) else { break };
            if behind.len() < payload.len() + 2 {
                break;
            }
            if let Some(number) = number(payload) {
                each(Heard::Delivered(number));
            }
            rest = &behind[payload.len() + 2..];
            continue;
        }
        if line == b"PING" {
            say.binary(&[b"PONG\r\n"]);
        } else if line.starts_with(b"-ERR") {
            each(Heard::Refused(line));
        }
        rest = behind;
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(frames: &[&[u8]]) -> (Vec<u64>, usize) {
        let driver = NatsWs::new(([127, 0, 0, 1], 1).into(), 1);
        let (mut session, mut say, mut seen) = (Session::default(), Say::default(), vec![]);
        for frame in frames {
            driver.await_delivered(&mut session, frame, &mut say, &mut |heard| match heard {
                Heard::Delivered(number) => seen.push(number),
                other => panic!("{other:?}"),
            });
        }
        (seen, say.bytes().len())
    }

    #[test]
    fn messages_are_read_however_they_are_cut_into_frames() {
        let whole = b"MSG t 1 18\r\n0000000000000007hi\r\nPING\r\nMSG t 1 18\r\n0000000000000008ho\r\n";
        let expected = read(&[whole]);
        assert_eq!(expected.0, [7, 8]);
        assert!(expected.1 > 0, "the ping is answered");
        for cut in 0..whole.len() {
            assert_eq!(read(&[&whole[..cut], &whole[cut..]]), expected, "cut at {cut}");
        }
    }
}
