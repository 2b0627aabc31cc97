//! What comes back for a turn, as it was sent by a program that may be anybody's.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use switchboard_bus::Message;
use switchboard_domain::limits::{TEXT_CHARS, TURN_EXTENDED_MS};
use switchboard_wire::turn::{ERROR_CODE_HEADER, ERROR_HEADER, TurnReply};

use crate::limits::{ERROR_CHARS, REPLY_BYTES};

/// A frame on the reply subject of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// It is at it, and wants so much time from now on.
    Working(Duration),
    /// The same, and what it is going to say, as far as it has got.
    Writing(Duration, String),
    /// The answer.
    Reply(TurnReply),
    /// An error of the automation, or no answer that can be read.
    Failed(String),
    /// No instance is there.
    Absent,
}

impl Frame {
    /// Reads a frame.
    #[must_use]
    pub fn read(message: &Message) -> Self {
        if message.is_no_responders() {
            return Self::Absent;
        }
        let headers = &message.headers;
        if let Some(text) = headers.get(ERROR_HEADER).or_else(|| headers.get(ERROR_CODE_HEADER)) {
            let code = headers.get(ERROR_CODE_HEADER).unwrap_or("no code");
            return Self::Failed(shorten(&format!("answered with an error ({code}): {text}")));
        }
        let size = message.payload.len();
        if size > REPLY_BYTES {
            return Self::Failed(format!("the reply has {size} bytes; at most {REPLY_BYTES} are taken"));
        }
        read_json(&message.payload)
            .unwrap_or_else(|problem| Self::Failed(shorten(&format!("the reply cannot be read: {problem}"))))
    }
}

fn read_json(payload: &[u8]) -> Result<Frame, serde_json::Error> {
    let value: Value = serde_json::from_slice(payload)?;
    let has = |name: &str| value.get(name).is_some();
    if value.get("working") == Some(&Value::Bool(true)) {
        let wanted = value.get("extend_ms").and_then(Value::as_u64).unwrap_or(0);
        let more = Duration::from_millis(wanted.min(TURN_EXTENDED_MS.unsigned_abs()));
        let text = value.get("text").and_then(Value::as_str).map(|text| text.trim_end());
        let text = text.filter(|text| !text.is_empty() && !text.contains('\0'));
        return Ok(match text {
            Some(text) => Frame::Writing(more, text.chars().take(TEXT_CHARS).collect()),
            None => Frame::Working(more),
        });
    }
    // Every field has a default, so anything at all would pass for an empty reply.
    if !has("messages") && !has("then") {
        return Ok(Frame::Failed("the reply has neither messages nor then".into()));
    }
    TurnReply::deserialize(value).map(Frame::Reply)
}

/// Cuts an error text to what is kept.
pub(super) fn shorten(text: &str) -> String {
    text.chars().take(ERROR_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use switchboard_bus::STATUS_NO_RESPONDERS;
    use switchboard_wire::turn::{Handoff, Then};

    fn read(text: &str) -> Frame {
        Frame::read(&Message::new("inbox", text.to_owned()))
    }

    fn failed(text: &str) -> bool {
        matches!(read(text), Frame::Failed(_))
    }

    #[test]
    fn replies_are_told_from_working_frames() {
        assert_eq!(read(r#"{"working":true,"extend_ms":900}"#), Frame::Working(Duration::from_millis(900)));
        assert_eq!(read(r#"{"working":true}"#), Frame::Working(Duration::ZERO));
        assert_eq!(read(r#"{"working":true,"extend_ms":-5}"#), Frame::Working(Duration::ZERO));
        let writing = Frame::Writing(Duration::ZERO, "The parcel".into());
        assert_eq!(read(r#"{"working":true,"text":"The parcel "}"#), writing);
        assert_eq!(read(r#"{"working":true,"text":" "}"#), Frame::Working(Duration::ZERO));
        let Frame::Working(most) = read(r#"{"working":true,"extend_ms":99999999}"#) else { panic!() };
        assert_eq!(most, Duration::from_secs(60));
        let Frame::Reply(reply) = read(r#"{"messages":[{"text":"hi"}],"then":{"handoff":{"reason":"x"}}}"#)
        else {
            panic!("no reply")
        };
        assert_eq!(reply.messages[0].text, "hi");
        assert_eq!(reply.then, Then::Handoff(Handoff { reason: Some("x".into()), ..Handoff::default() }));
        assert!(matches!(read(r#"{"then":"resolve"}"#), Frame::Reply(TurnReply { then: Then::Resolve, .. })));
    }

    #[test]
    fn what_is_no_reply_is_a_failure() {
        for text in ["", "null", "[]", "{}", "hello", r#"{"error":"x"}"#, r#"{"messages":"hi"}"#, "\u{0}"] {
            assert!(failed(text), "{text:?}");
        }
        for text in [r#"{"then":"explode"}"#, r#"{"messages":[{"words":"hi"}]}"#, r#"{"messages":null}"#] {
            assert!(failed(text), "{text:?}");
        }
        assert!(failed(&format!(r#"{{"messages":[{{"text":"{}"}}]}}"#, "x".repeat(REPLY_BYTES))));
        assert!(failed(&"[".repeat(100_000)), "depth");
    }

    #[test]
    fn errors_and_absence_are_told_apart() {
        let error = Message::new("i", "{}").header(ERROR_HEADER, "no luck").header(ERROR_CODE_HEADER, "500");
        assert_eq!(Frame::read(&error), Frame::Failed("answered with an error (500): no luck".into()));
        let long = Message::new("i", "").header(ERROR_HEADER, "x".repeat(9_000));
        let Frame::Failed(text) = Frame::read(&long) else { panic!() };
        assert_eq!(text.chars().count(), ERROR_CHARS);
        let mut nobody = Message::new("i", "");
        nobody.status = Some(STATUS_NO_RESPONDERS);
        assert_eq!(Frame::read(&nobody), Frame::Absent);
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Frame::read(&Message::new("i", bytes));
        }
    }
}
