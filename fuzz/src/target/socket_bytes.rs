//! A visitor's socket below its frames: masks, fragments, lengths, control frames, as bytes.

use super::frames::{TEXT, handshake, read};
use crate::stage::{answer, exchange, frame};

/// Whatever bytes follow the hello, what the server says stays readable.
pub(crate) fn run(input: &[u8]) {
    let mut said = handshake("/api/v1/visitor/socket");
    said.extend(frame(TEXT, br#"{"type":"hello","token":"t"}"#));
    said.extend(input);
    let heard = exchange(&said);
    if let Some(first) = answer(&heard) {
        assert_eq!(first.status, 101, "{}", first.head);
        let told = read(first.body);
        assert!(told.first().is_none_or(|frame| frame["type"] == "welcome"), "{told:?}");
    }
}
