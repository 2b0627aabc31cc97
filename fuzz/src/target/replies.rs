//! What automations send, as the router reads it: the first line is an error header unless it is empty, the rest the
//! payload.

use crate::reply::travels;
use std::time::Duration;
use switchboard_bus::Message;
use switchboard_domain::limits::TEXT_CHARS;
use switchboard_router::Frame;
use switchboard_router::limits::ERROR_CHARS;
use switchboard_wire::turn::ERROR_HEADER;

pub(crate) const WORDS: &[&str] = &[
    "{\"messages\":[{\"text\":\"hi\"}],\"then\":\"wait\"}",
    "\"then\":{\"handoff\":{\"team\":\"t1\",\"reason\":\"x\"}}",
    "\"then\":\"resolve\"",
    "\"tags\":[\"vip\"]",
    "\"choices\":[{\"label\":\"a\",\"value\":\"b\"}]",
    "{\"working\":true,\"extend_ms\":",
    "18446744073709551615",
    "-9223372036854775808",
    "1e400",
    "\\ud800",
    "\\u0000",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "null",
    "\n",
];

/// The longest that a working frame may ask for (contract §4).
const MOST: Duration = Duration::from_secs(60);

/// Whatever an automation sends is a reply, more time, or a failure that can be told.
pub(crate) fn run(input: &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (error, payload) = (&input[..end], input.get(end + 1..).unwrap_or_default());
    let mut message = Message::new("inbox", payload.to_vec());
    if !error.is_empty() {
        message = message.header(ERROR_HEADER, String::from_utf8_lossy(error));
    }
    match Frame::read(&message) {
        Frame::Working(wanted) => assert!(wanted <= MOST, "{wanted:?}"),
        Frame::Writing(wanted, text) => {
            assert!(wanted <= MOST && !text.is_empty() && text.chars().count() <= TEXT_CHARS, "{wanted:?}");
        }
        Frame::Reply(reply) => {
            assert!(error.is_empty(), "an error is no reply");
            travels(&reply);
        }
        Frame::Failed(why) => assert!(!why.is_empty() && why.chars().count() <= ERROR_CHARS, "{why}"),
        Frame::Absent => unreachable!("only the bus says so"),
    }
}
