//! Our visitors' sockets (contract §3).

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::{Driver, Heard, Opening, Say, Session, Who, behind, digits, number, string};
use crate::usage::Counted;

/// How far a client has come.
const GREETED: u32 = 1;

/// Visitors of one web node.
#[derive(Debug)]
pub struct Visitors {
    address: String,
    durability: &'static str,
    processes: Vec<Counted>,
}

impl Visitors {
    /// Those of the node that listens here; `processes` are what works for it.
    #[must_use]
    pub fn new(address: String, durability: &'static str, processes: Vec<Counted>) -> Self {
        Self { address, durability, processes }
    }
}

/// Where a visitor stands; what a page remembers when its connection breaks. In [`Session::kept`], as JSON.
fn remember(session: &mut Session, conversation: &str, epoch: &str, seq: i64, id: &str) {
    let place = json!({ "conversation": conversation, "epoch": epoch, "last_seq": seq, "last_id": id });
    session.kept = place.to_string().into_bytes();
}

impl Driver for Visitors {
    fn name(&self) -> &str {
        "Switchboard"
    }

    fn durability(&self) -> String {
        self.durability.into()
    }

    fn processes(&self) -> Vec<Counted> {
        self.processes.clone()
    }

    fn connect(&self, _who: &Who) -> Opening {
        Opening { address: self.address.clone(), path: "/api/v1/visitor/socket".into(), headers: vec![] }
    }

    /// Says where it stood, if it was here before.
    fn auth(
        &self,
        who: &Who,
        session: &mut Session,
        heard: Option<&[u8]>,
        say: &mut Say,
    ) -> anyhow::Result<bool> {
        let Some(frame) = heard else {
            say.text(&[
                b"{\"type\":\"hello\",\"token\":\"",
                who.secret.as_bytes(),
                b"\",\"resume\":[",
                &session.kept,
                b"]}",
            ]);
            session.step = GREETED;
            return Ok(false);
        };
        let welcome: Value = serde_json::from_slice(frame)?;
        if welcome["type"] != "welcome" {
            bail!("{welcome}");
        }
        if session.kept.is_empty()
            && let Some(first) = welcome["conversations"].get(0)
        {
            let text = |value: &Value| value.as_str().map(str::to_owned).context("a welcome without words");
            let (conversation, epoch) = (text(&first["id"])?, text(&welcome["epoch"])?);
            let seq = first["head"].as_i64().context("a welcome without numbers")?;
            remember(session, &conversation, &epoch, seq, first["head_id"].as_str().unwrap_or_default());
        }
        Ok(true)
    }

    fn send_durable(
        &self,
        _session: &mut Session,
        conversation: &str,
        number: u64,
        text: &str,
        say: &mut Say,
    ) {
        say.text(&[
            b"{\"type\":\"send\",\"conversation\":\"",
            conversation.as_bytes(),
            b"\",\"client_msg_id\":\"",
            &digits(number),
            b"\",\"body\":{\"text\":\"",
            text.as_bytes(),
            b"\"}}",
        ]);
    }

    fn await_delivered(
        &self,
        _session: &mut Session,
        frame: &[u8],
        _say: &mut Say,
        each: &mut dyn FnMut(Heard<'_>),
    ) {
        const ID: &[u8] = b"\"client_msg_id\":\"";
        let kind = behind(frame, b"\"type\":\"").and_then(|rest| string(rest).ok()).unwrap_or_default();
        match kind {
            "ack" => behind(frame, ID).and_then(number).map(Heard::Acked),
            "entry" => behind(frame, ID).and_then(number).map(Heard::Delivered),
            "nack" | "bye" | "reset" => Some(Heard::Refused(frame)),
            _ => None,
        }
        .into_iter()
        .for_each(each);
    }
}
