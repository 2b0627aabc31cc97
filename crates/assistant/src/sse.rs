//! Server-sent events, read as they come: as much of them as endpoints use.

use crate::limits::LINE_BYTES;

/// Takes bytes in pieces of any size, gives what the events say.
#[derive(Debug, Default)]
pub struct Sse {
    line: Vec<u8>,
    data: String,
    /// The piece before ended with a carriage return, which a line feed may follow.
    returned: bool,
}

/// A line or an event is longer than anybody's who means well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

impl Sse {
    /// The data of the events that end within these bytes.
    ///
    /// # Errors
    /// [`TooLong`]; nothing after it can be read.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Vec<String>, TooLong> {
        let mut events = Vec::new();
        for &byte in bytes {
            let after_return = std::mem::replace(&mut self.returned, byte == b'\r');
            match byte {
                b'\n' if after_return => {}
                b'\n' | b'\r' => events.extend(self.end_line()?),
                _ if self.line.len() >= LINE_BYTES => return Err(TooLong),
                _ => self.line.push(byte),
            }
        }
        Ok(events)
    }

    fn end_line(&mut self) -> Result<Option<String>, TooLong> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            let data = std::mem::take(&mut self.data);
            return Ok(Some(data).filter(|data| !data.is_empty()));
        }
        let line = String::from_utf8_lossy(&line);
        // Other fields and comments say nothing here.
        let Some(value) = line.strip_prefix("data:") else { return Ok(None) };
        if !self.data.is_empty() {
            self.data.push('\n');
        }
        self.data.push_str(value.strip_prefix(' ').unwrap_or(value));
        if self.data.len() > LINE_BYTES { Err(TooLong) } else { Ok(None) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str) -> Vec<String> {
        Sse::default().feed(text.as_bytes()).unwrap()
    }

    #[test]
    fn events_are_told_apart_whatever_ends_their_lines() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ": ping\nevent: x\ndata: one\n\ndata:two\ndata: three\n\ndata: cut".replace('\n', end);
            assert_eq!(all(&text), ["one", "two\nthree"], "{end:?}");
        }
        assert!(all("\n\n\n").is_empty() && all("id: 1\n\n").is_empty());
    }

    #[test]
    fn a_line_without_end_is_given_up() {
        let mut sse = Sse::default();
        assert_eq!(sse.feed(&vec![b'x'; LINE_BYTES]), Ok(vec![]));
        assert_eq!(sse.feed(b"x"), Err(TooLong));
        let mut sse = Sse::default();
        let line = format!("data: {}\n", "x".repeat(LINE_BYTES / 2));
        assert_eq!(sse.feed(line.as_bytes()), Ok(vec![]));
        assert_eq!(sse.feed(line.as_bytes()), Err(TooLong));
    }

    proptest! {
        #[test]
        fn pieces_of_any_size_say_the_same(
            said in prop::collection::vec("[a-zäö€ 🎉]{1,9}", 0..8),
            end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
            size in 1_usize..7,
        ) {
            let text: String = said.iter().map(|one| format!("data: {one}{end}{end}")).collect();
            let mut sse = Sse::default();
            let mut got = Vec::new();
            for piece in text.as_bytes().chunks(size) {
                got.extend(sse.feed(piece).unwrap());
            }
            prop_assert_eq!(got, said);
        }

        #[test]
        fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Sse::default().feed(&bytes);
        }
    }
}
