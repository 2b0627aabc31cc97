//! The words of the hand-made server: a topic is a conversation. It keeps nothing and acknowledges nothing.

use std::net::SocketAddr;

use anyhow::bail;

use super::{Driver, Heard, Opening, Say, Session, Who, digits, number};
use crate::peer::handmade::TOKEN;
use crate::usage::Counted;

/// The clients of a hand-made server.
#[derive(Debug)]
pub struct Handmade {
    address: SocketAddr,
    pid: u32,
}

impl Handmade {
    /// Those of the server that listens here.
    #[must_use]
    pub fn new(address: SocketAddr, pid: u32) -> Self {
        Self { address, pid }
    }
}

impl Driver for Handmade {
    fn name(&self) -> &str {
        "hand-made server"
    }

    fn durability(&self) -> String {
        "nothing is kept".into()
    }

    fn processes(&self) -> Vec<Counted> {
        vec![Counted::new("hand-made server", self.pid)]
    }

    fn connect(&self, _who: &Who) -> Opening {
        Opening { address: self.address.to_string(), path: "/".into(), headers: vec![] }
    }

    /// [`Who::name`] is the topic that is listened to.
    fn auth(
        &self,
        who: &Who,
        _session: &mut Session,
        heard: Option<&[u8]>,
        say: &mut Say,
    ) -> anyhow::Result<bool> {
        match heard {
            None => {
                say.text(&[b"hello ", TOKEN.as_bytes(), b" ", who.name.as_bytes()]);
                Ok(false)
            }
            Some(b"welcome") => Ok(true),
            Some(other) => bail!("the hand-made server says {}", String::from_utf8_lossy(other)),
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
        say.text(&[b"say ", conversation.as_bytes(), b" ", &digits(number), text.as_bytes()]);
    }

    fn await_delivered(
        &self,
        _session: &mut Session,
        frame: &[u8],
        _say: &mut Say,
        each: &mut dyn FnMut(Heard<'_>),
    ) {
        if let Some(number) = number(frame) {
            each(Heard::Delivered(number));
        }
    }
}
