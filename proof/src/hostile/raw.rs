//! A connection whose every byte is in our hands: no library that would refuse to send what nobody should.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout, timeout_at};

/// The first byte of a frame: the last of its message (RFC 6455, 5.2).
pub(super) const FINAL: u8 = 0x80;
/// More of a message.
pub(super) const CONTINUATION: u8 = 0x0;
/// A message of text.
pub(super) const TEXT: u8 = 0x1;
/// A message of bytes.
pub(super) const BINARY: u8 = 0x2;
/// The end.
pub(super) const CLOSE: u8 = 0x8;
/// A question for life.
pub(super) const PING: u8 = 0x9;
/// A client's frames are masked.
const MASKED: u8 = 0x80;
/// With what.
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// How long connecting, the upgrade and the welcome may take, each.
const OPEN: Duration = Duration::from_secs(15);
/// How long one piece may take to be taken.
const SEND: Duration = Duration::from_secs(20);
/// Bytes read at a time.
const READ: usize = 16 * 1024;
/// What a reader who takes its time has room for, in bytes.
const NARROW: u32 = 4 * 1024;
/// How the status line of an answer begins.
const ANSWER: &[u8] = b"HTTP/1.1 ";

/// 127.`net`.x.y for the `n`th source.
pub(super) fn source(net: u8, n: usize) -> IpAddr {
    let [.., high, low] = n.to_be_bytes();
    IpAddr::V4(Ipv4Addr::new(127, net, high, low))
}

/// A masked frame.
pub(super) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = match payload.len() {
        short @ 0..=125 => vec![first, MASKED | short as u8],
        middle @ 126..=0xffff => [&[first, MASKED | 126][..], &(middle as u16).to_be_bytes()].concat(),
        long => return masked(long_head(first, long as u64), payload),
    };
    bytes.extend(MASK);
    masked(bytes, payload)
}

/// The head of a frame that declares so many bytes.
pub(super) fn head_only(first: u8, bytes: u64) -> Vec<u8> {
    long_head(first, bytes)
}

fn long_head(first: u8, bytes: u64) -> Vec<u8> {
    [&[first, MASKED | 127][..], &bytes.to_be_bytes(), &MASK].concat()
}

fn masked(mut head: Vec<u8>, payload: &[u8]) -> Vec<u8> {
    head.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    head
}

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ending {
    /// It has not.
    Open,
    /// A WebSocket, with this code.
    Closed(u16),
    /// It had been answered so often, first with this status.
    Answered(u16, usize),
    /// Without a word.
    Dropped,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("not closed"),
            Self::Closed(code) => write!(f, "closed with {code}"),
            Self::Answered(status, 1) => write!(f, "{status} and closed"),
            Self::Answered(status, count) => write!(f, "{status}, answered {count} times"),
            Self::Dropped => f.write_str("cut off"),
        }
    }
}

/// A connection.
#[derive(Debug)]
pub(super) struct Raw {
    stream: TcpStream,
    is_socket: bool,
    /// Frames not yet whole.
    frames: Vec<u8>,
    /// What was said: answers, or the payload of frames.
    said: Vec<u8>,
    closed: Option<u16>,
    over: bool,
}

impl Raw {
    /// Connects from this address.
    pub(super) async fn connect(to: &str, from: IpAddr) -> anyhow::Result<Self> {
        Self::over(TcpSocket::new_v4()?, to, from).await
    }

    /// The same with next to no room for what comes back.
    pub(super) async fn narrow(to: &str, from: IpAddr) -> anyhow::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(NARROW)?;
        Self::over(socket, to, from).await
    }

    async fn over(socket: TcpSocket, to: &str, from: IpAddr) -> anyhow::Result<Self> {
        socket.bind((from, 0).into()).context("no port is free")?;
        let stream = timeout(OPEN, socket.connect(to.parse()?)).await.context("no connection in time")??;
        stream.set_nodelay(true)?;
        let (frames, said) = (Vec::new(), Vec::new());
        Ok(Self { stream, is_socket: false, frames, said, closed: None, over: false })
    }

    /// A visitor's socket on which nothing was said.
    pub(super) async fn socket(to: &str, from: IpAddr) -> anyhow::Result<Self> {
        let mut raw = Self::connect(to, from).await?;
        let request = format!(
            "GET /api/v1/visitor/socket HTTP/1.1\r\nHost: {to}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        raw.send(request.as_bytes()).await?;
        let until = Instant::now() + OPEN;
        let head = loop {
            if let Some(end) = find(&raw.said, b"\r\n\r\n") {
                break end + 4;
            }
            ensure!(raw.read_until(until).await, "no upgrade: {}", String::from_utf8_lossy(&raw.said));
        };
        ensure!(raw.said.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&raw.said));
        raw.frames = raw.said.split_off(head);
        raw.said.clear();
        raw.is_socket = true;
        raw.take_frames();
        Ok(raw)
    }

    /// A visitor's socket that was welcomed.
    pub(super) async fn welcome(to: &str, from: IpAddr, token: &str) -> anyhow::Result<Self> {
        let mut raw = Self::socket(to, from).await?;
        let hello = json!({ "type": "hello", "token": token });
        raw.frame(FINAL | TEXT, hello.to_string().as_bytes()).await?;
        let until = Instant::now() + OPEN;
        while find(&raw.said, b"\"type\":\"welcome\"").is_none() {
            if !raw.read_until(until).await {
                bail!("no welcome: {}", String::from_utf8_lossy(&raw.said));
            }
        }
        raw.said.clear();
        Ok(raw)
    }

    /// Sends these bytes, all of them.
    pub(super) async fn send(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        timeout(SEND, self.stream.write_all(bytes)).await.context("nothing more is taken")??;
        Ok(())
    }

    /// Sends as many of these bytes as are taken at once; answers how many.
    pub(super) async fn send_some(&mut self, bytes: &[u8]) -> anyhow::Result<usize> {
        Ok(self.stream.write(bytes).await?)
    }

    /// Sends a frame.
    pub(super) async fn frame(&mut self, first: u8, payload: &[u8]) -> anyhow::Result<()> {
        self.send(&frame(first, payload)).await
    }

    /// Reads what comes for so long.
    pub(super) async fn read_for(&mut self, long: Duration) {
        let until = Instant::now() + long;
        while self.read_until(until).await {}
    }

    /// Waits so long for the end; answers which one it was.
    pub(super) async fn ending(mut self, patience: Duration) -> Ending {
        let until = Instant::now() + patience;
        while self.closed.is_none() && self.read_until(until).await {}
        match (self.closed, self.over) {
            (Some(code), _) => Ending::Closed(code),
            (None, false) => Ending::Open,
            (None, true) if self.is_socket => Ending::Dropped,
            (None, true) => self.answers(),
        }
    }

    fn answers(&self) -> Ending {
        let status = self.said.strip_prefix(ANSWER).and_then(|rest| rest.get(..3));
        let status = status.and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
        status.map_or(Ending::Dropped, |status| Ending::Answered(status, count(&self.said, ANSWER)))
    }

    /// Whether it has ended by now.
    pub(super) fn has_ended(&mut self) -> bool {
        let mut piece = [0; READ];
        while !self.over {
            match self.stream.try_read(&mut piece) {
                Ok(count) => self.take(&piece[..count]),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return false,
                Err(_) => self.over = true,
            }
        }
        true
    }

    /// How often this was said since it was last forgotten.
    pub(super) fn count(&self, word: &str) -> usize {
        count(&self.said, word.as_bytes())
    }

    /// The same; and what was said is forgotten, but for what may be the first half of the word.
    pub(super) fn forget(&mut self, word: &str) -> usize {
        let found = self.count(word);
        let keep = self.said.len().min(word.len().saturating_sub(1));
        self.said.drain(..self.said.len() - keep);
        found
    }

    /// Reads once; `false` when nothing came until then, or nothing will.
    async fn read_until(&mut self, until: Instant) -> bool {
        if self.over {
            return false;
        }
        let mut piece = vec![0; READ];
        match timeout_at(until, self.stream.read(&mut piece)).await {
            Err(_) => return false,
            Ok(Ok(count)) => self.take(&piece[..count]),
            Ok(Err(_)) => self.over = true,
        }
        !self.over
    }

    fn take(&mut self, bytes: &[u8]) {
        self.over = bytes.is_empty();
        if self.is_socket {
            self.frames.extend_from_slice(bytes);
            self.take_frames();
        } else {
            self.said.extend_from_slice(bytes);
        }
    }

    /// Takes whole frames: the server's, unmasked.
    fn take_frames(&mut self) {
        let mut at = 0;
        while let Some((kind, payload, end)) = whole(&self.frames[at..]) {
            if kind & 0xf == CLOSE {
                let code = payload.get(..2).map_or(1005, |code| u16::from_be_bytes([code[0], code[1]]));
                self.closed.get_or_insert(code);
            } else {
                self.said.extend_from_slice(payload);
            }
            at += end;
        }
        self.frames.drain(..at);
    }
}

/// The first byte and the payload of a frame that is whole, and where it ends.
fn whole(bytes: &[u8]) -> Option<(u8, &[u8], usize)> {
    let (&first, &short) = (bytes.first()?, bytes.get(1)?);
    let (head, length) = match short {
        126 => (4, u64::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)),
        short => (2, u64::from(short)),
    };
    let end = head + usize::try_from(length).ok()?;
    Some((first, bytes.get(head..end)?, end))
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

/// How often a word is there.
fn count(bytes: &[u8], word: &[u8]) -> usize {
    bytes.windows(word.len()).filter(|window| *window == word).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a server's frame of any length is read.
    fn unmasked(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = frame(first, payload);
        bytes[1] &= 0x7f;
        let head = bytes.len() - payload.len() - MASK.len();
        [&bytes[..head], payload].concat()
    }

    #[test]
    fn frames_of_every_length_are_read_as_they_were_made() {
        for length in [0, 1, 125, 126, 65_535, 65_536, 100_000] {
            let payload = vec![b'x'; length];
            let bytes = unmasked(FINAL | TEXT, &payload);
            assert_eq!(whole(&bytes), Some((FINAL | TEXT, &payload[..], bytes.len())), "{length}");
            assert_eq!(whole(&bytes[..bytes.len() - 1]), None, "{length}");
        }
        assert_eq!(head_only(FINAL | TEXT, 1 << 30)[2..10], (1_u64 << 30).to_be_bytes());
    }

    #[test]
    fn a_mask_changes_and_restores() {
        let bytes = frame(FINAL | TEXT, b"hello");
        assert_eq!(masked(Vec::new(), &bytes[6..]), b"hello");
        assert_ne!(&bytes[6..], b"hello");
    }

    #[test]
    fn sources_are_many() {
        assert_eq!(source(104, 1).to_string(), "127.104.0.1");
        assert_eq!(source(104, 300).to_string(), "127.104.1.44");
    }
}
