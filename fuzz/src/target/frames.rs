//! What a client says on its socket after hello: one frame a line.

use crate::stage::{PUBLIC_URL, answer, exchange, frame, frames};
use serde_json::Value;
use switchboard_domain::limits::BODY_BYTES;
use switchboard_wire::view::{FromClient, FromServer};

pub(crate) const WORDS: &[&str] = &[
    "{\"type\":\"send\",\"conversation\":\"c1\",\"client_msg_id\":\"0123456789abcdef\",\"body\":{\"text\":\"hi\"}}",
    "{\"type\":\"note\",\"conversation\":\"c1\",\"client_msg_id\":\"0123456789abcdef\",\"body\":{\"text\":\"hi\"}}",
    "{\"type\":\"resume\",\"conversation\":\"c1\",\"last_seq\":0}",
    "{\"type\":\"leave\",\"conversation\":\"c1\"}",
    "{\"type\":\"typing\",\"conversation\":\"c1\"}",
    "{\"type\":\"read\",\"conversation\":\"c1\",\"seq\":9223372036854775807}",
    "{\"type\":\"hello\",\"token\":null,\"resume\":[]}",
    "{\"type\":\"telephone\"}",
    "\"conversation\":\"",
    "\"epoch\":\"e\",\"last_seq\":-1,\"last_id\":\"e9\"",
    "\"type\":\"send\",\"type\":\"note\"",
    "\n",
    "\\u0000",
    "\\ud800",
    "1e400",
    "[[[[[[[[[[[[[[[[",
];

pub(crate) const TEXT: u8 = 1;
const CLOSE: u8 = 8;
/// More would be the test of another promise: who sends faster than it can be read is told so.
const FRAMES: usize = 100;

/// The request that becomes a visitor's or an agent's socket.
pub(crate) fn handshake(path: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: chat.example.org\r\nOrigin: {PUBLIC_URL}\r\nCookie: __Host-sb=secret\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    .into_bytes()
}

pub(crate) fn visitor(input: &[u8]) {
    converse("/api/v1/visitor/socket", br#"{"type":"hello","token":"t","resume":[]}"#, input);
}

pub(crate) fn agent(input: &[u8]) {
    converse("/api/v1/agent/socket", br#"{"type":"hello"}"#, input);
}

/// What comes of a line.
enum Line {
    /// It is answered by exactly one `ack` or `nack`.
    Answered,
    /// It is not answered, or by hints.
    Heard,
    /// It ends the socket.
    Ends(u64),
}

fn expected(line: &[u8]) -> Line {
    if line.len() > BODY_BYTES {
        return Line::Ends(1009);
    }
    match serde_json::from_slice(line) {
        Ok(FromClient::Send { .. } | FromClient::Note { .. }) => Line::Answered,
        Ok(_) => Line::Heard,
        Err(_) => Line::Ends(4400),
    }
}

/// Every `send` and `note` has exactly one answer, and what cannot be read ends the socket and says why.
fn converse(path: &str, hello: &[u8], input: &[u8]) {
    let mut said = handshake(path);
    said.extend(frame(TEXT, hello));
    let (mut answers, mut end) = (0, None);
    for line in input.split(|byte| *byte == b'\n').take(FRAMES) {
        said.extend(frame(TEXT, line));
        match expected(line) {
            _ if end.is_some() => {}
            Line::Answered => answers += 1,
            Line::Heard => {}
            Line::Ends(code) => end = Some(code),
        }
    }
    let heard = exchange(&said);
    let Some(first) = answer(&heard) else { return assert!(heard.is_empty(), "no handshake") };
    assert_eq!(first.status, 101, "{}", first.head);
    let told = read(first.body);
    assert_eq!(told.first().map(|frame| &frame["type"]), Some(&Value::from("welcome")));
    let given = told.iter().filter(|frame| frame["type"] == "ack" || frame["type"] == "nack").count();
    match end {
        // Answers that were still to come are lost with the socket; the client will ask again.
        Some(code) => {
            assert!(given <= answers, "{given} answers to {answers}");
            let bye = told.last().filter(|frame| frame["type"] == "bye");
            assert_eq!(bye.map(|bye| &bye["code"]), Some(&Value::from(code)), "{told:?}");
        }
        None => assert_eq!(given, answers, "{told:?}"),
    }
}

/// The frames that the server has said; each must be one that the contract knows.
pub(crate) fn read(body: &[u8]) -> Vec<Value> {
    let mut told = Vec::new();
    for (kind, payload) in frames(body) {
        match kind {
            TEXT => {
                let known = serde_json::from_slice::<FromServer>(payload);
                assert!(known.is_ok(), "{known:?}: {}", String::from_utf8_lossy(payload));
                told.push(serde_json::from_slice(payload).unwrap_or_default());
            }
            CLOSE => {
                let code = payload.get(..2).map(|code| u64::from(u16::from_be_bytes([code[0], code[1]])));
                let bye: Option<&Value> = told.last();
                let said = bye.filter(|bye| bye["type"] == "bye").and_then(|bye| bye["code"].as_u64());
                // A close that answers the client's own repeats its code.
                assert!(said.is_none() || said == code, "bye {said:?}, closed with {code:?}");
            }
            _ => {}
        }
    }
    told
}
