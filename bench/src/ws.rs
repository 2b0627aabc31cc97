//! WebSocket frames as cheap as they can be: the load has one core for tens of thousands of messages a second.

use std::ops::Range;

/// A text frame.
pub const TEXT: u8 = 1;
/// A binary frame.
pub const BINARY: u8 = 2;
/// The end.
pub const CLOSE: u8 = 8;
/// Are you there?
pub const PING: u8 = 9;
/// I am.
pub const PONG: u8 = 10;

/// What a frame's length may cost at most, in bytes: flags, length, mask.
const HEAD: usize = 14;
const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;
/// Lengths from here on take two bytes more.
const SHORT: usize = 126;

/// Frames to be sent. Clients must mask; the key is zero, which servers undo as any other and costs us nothing.
#[derive(Debug, Default)]
pub struct Say {
    out: Vec<u8>,
    unmasked: bool,
}

impl Say {
    /// For a server's side, which does not mask.
    #[must_use]
    pub fn unmasked() -> Self {
        Self { out: Vec::new(), unmasked: true }
    }

    /// Adds a text frame out of pieces.
    pub fn text(&mut self, pieces: &[&[u8]]) {
        self.frame(TEXT, pieces);
    }

    /// Adds a binary frame out of pieces.
    pub fn binary(&mut self, pieces: &[&[u8]]) {
        self.frame(BINARY, pieces);
    }

    /// Adds a frame of any kind out of pieces.
    pub fn frame(&mut self, kind: u8, pieces: &[&[u8]]) {
        let length: usize = pieces.iter().map(|piece| piece.len()).sum();
        let mask = if self.unmasked { 0 } else { MASKED };
        self.out.reserve(HEAD + length);
        self.out.push(FINAL | kind);
        match (u8::try_from(length), u16::try_from(length)) {
            (Ok(short), _) if length < SHORT => self.out.push(mask | short),
            (_, Ok(medium)) => {
                self.out.push(mask | 126);
                self.out.extend_from_slice(&medium.to_be_bytes());
            }
            _ => {
                self.out.push(mask | 127);
                self.out.extend_from_slice(&(length as u64).to_be_bytes());
            }
        }
        if !self.unmasked {
            self.out.extend_from_slice(&[0; 4]);
        }
        for piece in pieces {
            self.out.extend_from_slice(piece);
        }
    }

    /// The bytes to be written.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.out
    }

    /// The same, to take away what has been written.
    pub fn bytes_mut(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }
}

/// A frame that lies complete in a buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// [`TEXT`] and so on; 0 continues the frame before it.
    pub kind: u8,
    /// Whether it is the last of its message.
    pub last: bool,
    /// Where its payload lies.
    pub payload: Range<usize>,
    /// The key of a client's frame.
    pub mask: Option<[u8; 4]>,
}

/// The frame at `from` in a buffer; none until all of it is there. The next one begins where its payload ends.
#[must_use]
pub fn frame(buffer: &[u8], from: usize) -> Option<Frame> {
    let rest = buffer.get(from..)?;
    let (flags, short) = (*rest.first()?, *rest.get(1)?);
    let (length, mut head) = match short & 0x7f {
        126 => (usize::from(u16::from_be_bytes(rest.get(2..4)?.try_into().ok()?)), 4),
        127 => (usize::try_from(u64::from_be_bytes(rest.get(2..10)?.try_into().ok()?)).ok()?, 10),
        short => (usize::from(short), 2),
    };
    let mask = if short & MASKED == 0 {
        None
    } else {
        head += 4;
        Some(rest.get(head - 4..head)?.try_into().ok()?)
    };
    let start = from + head;
    let end = start.checked_add(length)?;
    (buffer.len() >= end).then_some(Frame {
        kind: flags & 0xf,
        last: flags & FINAL != 0,
        payload: start..end,
        mask,
    })
}

/// Undoes (or does) a client's mask.
pub fn unmask(payload: &mut [u8], key: [u8; 4]) {
    if key == [0; 4] {
        return;
    }
    for (byte, key) in payload.iter_mut().zip(key.iter().cycle()) {
        *byte ^= key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_every_length_come_back() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let text = vec![b'x'; length];
            for mut say in [Say::default(), Say::unmasked()] {
                say.text(&[&text]);
                say.frame(PING, &[b"now"]);
                let bytes = say.bytes();
                let first = frame(bytes, 0).unwrap();
                assert_eq!((first.kind, first.last, &bytes[first.payload.clone()]), (TEXT, true, &text[..]));
                let second = frame(bytes, first.payload.end).unwrap();
                assert_eq!((second.kind, &bytes[second.payload]), (PING, &b"now"[..]));
                assert_eq!(
                    frame(&bytes[..first.payload.end - usize::from(length > 0)], 0).is_some(),
                    length == 0
                );
            }
        }
    }

    #[test]
    fn a_mask_is_undone_by_itself() {
        let mut text = b"how are you?".to_vec();
        unmask(&mut text, [1, 2, 3, 4]);
        assert_ne!(text, b"how are you?");
        unmask(&mut text, [1, 2, 3, 4]);
        assert_eq!(text, b"how are you?");
    }
}
