//! Ten thousand WebSockets on one thread: an epoll set, a few hundred bytes for each connection, one buffer for all.

use super::way::Way;
use crate::driver::Opening;
use crate::ws::{self, Say};
use anyhow::{Context, bail};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use socket2::{Domain, Protocol, Socket, Type};
use std::fmt::Write as _;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

/// The key of every handshake; what a server must answer to it is an example in RFC 6455, 1.3.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
/// What a server answers to [`KEY`].
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
/// Longest message that is taken, in bytes: nothing that is measured here says more at a time.
const MESSAGE_BYTES: usize = 4 * 1024 * 1024;
/// Events taken at a time.
const EVENTS: usize = 1_024;
/// Bytes read at a time.
const READ_BYTES: usize = 64 * 1024;
/// A frame that goes on with the message of the one before it.
const CONTINUED: u8 = 0;
/// What stands for a close frame without a code.
const NO_CODE: u16 = 1005;
/// What stands for an end without a close frame.
const BROKEN: u16 = 1006;
/// Longest answer to a handshake, in bytes.
const HEAD_BYTES: usize = 8 * 1024;

/// What is said and heard on the sockets of a fleet. Each has a number, chosen by whoever opened it.
pub trait Talk {
    /// The handshake is done.
    fn opened(&mut self, who: usize, say: &mut Say);
    /// A message came.
    fn heard(&mut self, who: usize, message: &[u8], say: &mut Say);
    /// The connection is over, or was never made.
    fn ended(&mut self, who: usize, why: &End);
}

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It could not be made, or broke.
    Broken(String),
    /// The handshake was refused; the first line of the answer.
    Refused(String),
    /// The server closed it with this code; 1005 without one, 1006 without a close frame.
    Closed(u16),
}

#[derive(Debug, PartialEq, Eq)]
enum Stage {
    Connecting,
    Asked,
    Open,
}

#[derive(Debug)]
struct Conn {
    stream: TcpStream,
    stage: Stage,
    /// The beginning of a frame whose end has not come.
    part: Vec<u8>,
    /// The beginning of a message whose end has not come.
    message: Vec<u8>,
    /// What the system did not take.
    unsent: Vec<u8>,
    paused: bool,
    code: Option<u16>,
}

/// The sockets.
#[derive(Debug)]
pub struct Fleet {
    poll: Poll,
    events: Events,
    conns: Vec<Option<Box<Conn>>>,
    open: usize,
    buffer: Vec<u8>,
    say: Say,
}

impl Fleet {
    /// Without any sockets.
    ///
    /// # Errors
    /// When the system has no descriptor left.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self {
            poll: Poll::new().context("epoll")?,
            events: Events::with_capacity(EVENTS),
            conns: Vec::new(),
            open: 0,
            buffer: vec![0; READ_BYTES],
            say: Say::default(),
        })
    }

    /// Begins to open a socket, which gets this number. [`Talk::opened`] or [`Talk::ended`] say what has come of it.
    ///
    /// # Errors
    /// When the number is taken, or the system has no descriptor or port left.
    pub fn open(&mut self, who: usize, opening: &Opening, way: Way) -> anyhow::Result<()> {
        if who >= self.conns.len() {
            self.conns.resize_with(who + 1, || None);
        }
        if self.conns[who].is_some() {
            bail!("socket {who} is open already");
        }
        let mut stream = TcpStream::from_std(connect(
            opening.address.parse().with_context(|| opening.address.clone())?,
            way,
        )?);
        self.poll.registry().register(&mut stream, Token(who), Interest::READABLE | Interest::WRITABLE)?;
        self.conns[who] = Some(Box::new(Conn {
            stream,
            stage: Stage::Connecting,
            part: Vec::new(),
            message: Vec::new(),
            unsent: request(opening),
            paused: false,
            code: None,
        }));
        self.open += 1;
        Ok(())
    }

    /// How many are open or being opened.
    #[must_use]
    pub fn len(&self) -> usize {
        self.open
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open == 0
    }

    /// Whether this one is open or being opened.
    #[must_use]
    pub fn is_open(&self, who: usize) -> bool {
        self.conns.get(who).is_some_and(Option::is_some)
    }

    /// Says something on a socket; on one that is over it is lost.
    pub fn say(&mut self, who: usize, talk: &mut impl Talk, what: impl FnOnce(&mut Say)) {
        self.say.bytes_mut().clear();
        what(&mut self.say);
        self.flush(who, talk);
    }

    /// Stops reading, also pings; the connection stays.
    pub fn pause(&mut self, who: usize) {
        if let Some(conn) = self.conns.get_mut(who).and_then(Option::as_mut) {
            conn.paused = true;
        }
    }

    /// Reads again.
    ///
    /// # Errors
    /// When the system does not tell of this socket any more.
    pub fn go_on(&mut self, who: usize) -> anyhow::Result<()> {
        if let Some(conn) = self.conns.get_mut(who).and_then(Option::as_mut) {
            conn.paused = false;
            // Says again what is there to be read.
            let both = Interest::READABLE | Interest::WRITABLE;
            self.poll.registry().reregister(&mut conn.stream, Token(who), both)?;
        }
        Ok(())
    }

    /// Drops a connection without a word.
    pub fn drop(&mut self, who: usize) {
        if self.conns.get_mut(who).and_then(Option::take).is_some() {
            self.open -= 1;
        }
    }

    /// Waits until something happens, at most `patience`, and looks after it; answers for how many sockets.
    ///
    /// # Errors
    /// When the system does not tell of events any more.
    pub fn turn(&mut self, patience: Duration, talk: &mut impl Talk) -> anyhow::Result<usize> {
        match self.poll.poll(&mut self.events, Some(patience)) {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(0),
            other => other.context("epoll")?,
        }
        let events = std::mem::replace(&mut self.events, Events::with_capacity(0));
        let mut count = 0;
        for event in &events {
            count += 1;
            let who = event.token().0;
            if let Err(end) = self.serve(who, event.is_writable(), talk) {
                self.drop(who);
                talk.ended(who, &end);
            }
        }
        self.events = events;
        Ok(count)
    }

    fn serve(&mut self, who: usize, writable: bool, talk: &mut impl Talk) -> Result<(), End> {
        let Some(conn) = self.conns.get_mut(who).and_then(Option::as_mut) else { return Ok(()) };
        if conn.stage == Stage::Connecting {
            if !writable {
                return Ok(());
            }
            if let Some(error) = conn.stream.take_error().map_err(broken)? {
                return Err(broken(error));
            }
            conn.stage = Stage::Asked;
        }
        if writable && !conn.unsent.is_empty() {
            let unsent = std::mem::take(&mut conn.unsent);
            conn.send(&unsent)?;
        }
        self.say.bytes_mut().clear();
        while !conn.paused {
            let count = match conn.stream.read(&mut self.buffer) {
                Ok(0) => return Err(End::Closed(conn.code.unwrap_or(BROKEN))),
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(conn.code.map_or_else(|| broken(error), End::Closed)),
            };
            conn.take(who, &self.buffer[..count], &mut self.say, talk)?;
            if count < self.buffer.len() {
                // Less than there was room for: that was all, and epoll will say when there is more.
                break;
            }
        }
        if self.say.bytes().is_empty() { Ok(()) } else { conn.send(self.say.bytes()) }
    }

    fn flush(&mut self, who: usize, talk: &mut impl Talk) {
        let Some(conn) = self.conns.get_mut(who).and_then(Option::as_mut) else { return };
        if let Err(end) = conn.send(self.say.bytes()) {
            self.drop(who);
            talk.ended(who, &end);
        }
    }
}

impl Conn {
    /// Takes what was read.
    fn take(&mut self, who: usize, bytes: &[u8], say: &mut Say, talk: &mut impl Talk) -> Result<(), End> {
        let mut kept = std::mem::take(&mut self.part);
        let all = if kept.is_empty() {
            bytes
        } else {
            kept.extend_from_slice(bytes);
            kept.as_slice()
        };
        let mut from = 0;
        if self.stage == Stage::Asked {
            let Some(head) = all.windows(4).position(|four| four == b"\r\n\r\n") else {
                if all.len() > HEAD_BYTES {
                    return Err(End::Refused("an endless answer".into()));
                }
                self.part = all.to_vec();
                return Ok(());
            };
            let answer = String::from_utf8_lossy(&all[..head]);
            if !answer.starts_with("HTTP/1.1 101 ") || !answer.contains(ACCEPT) {
                return Err(End::Refused(answer.lines().next().unwrap_or_default().to_owned()));
            }
            from = head + 4;
            self.stage = Stage::Open;
            talk.opened(who, say);
        }
        while let Some(frame) = ws::frame(all, from) {
            from = frame.payload.end;
            let payload = &all[frame.payload];
            match frame.kind {
                ws::PING => say.frame(ws::PONG, &[payload]),
                ws::CLOSE => {
                    let code = payload.first_chunk().map_or(NO_CODE, |code| u16::from_be_bytes(*code));
                    self.code = Some(code);
                    say.frame(ws::CLOSE, &[&code.to_be_bytes()]);
                }
                ws::TEXT | ws::BINARY if frame.last => talk.heard(who, payload, say),
                ws::TEXT | ws::BINARY | CONTINUED => {
                    self.message.extend_from_slice(payload);
                    if frame.last {
                        talk.heard(who, &std::mem::take(&mut self.message), say);
                    }
                }
                _ => {}
            }
        }
        self.part = all[from..].to_vec();
        if self.part.len() + self.message.len() > MESSAGE_BYTES {
            return Err(End::Broken("an endless message".into()));
        }
        Ok(())
    }

    /// Sends now what can be sent now.
    fn send(&mut self, bytes: &[u8]) -> Result<(), End> {
        if !self.unsent.is_empty() || self.stage == Stage::Connecting {
            self.unsent.extend_from_slice(bytes);
            return Ok(());
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.stream.write(rest) {
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.code.map_or_else(|| broken(error), End::Closed)),
            }
        }
        self.unsent = rest.to_vec();
        Ok(())
    }
}

/// What is sent first.
fn request(opening: &Opening) -> Vec<u8> {
    let Opening { address, path, headers } = opening;
    let mut head = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n"
    );
    for (name, value) in headers {
        // Writing into a string cannot fail.
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head.push_str("\r\n");
    head.into_bytes()
}

fn broken(error: impl std::fmt::Display) -> End {
    End::Broken(error.to_string())
}

fn connect(address: SocketAddr, way: Way) -> anyhow::Result<std::net::TcpStream> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if let Some(bytes) = way.receive_buffer {
        socket.set_recv_buffer_size(bytes)?;
    }
    if let Some(source) = way.source {
        socket.bind(&SocketAddr::from((source, 0)).into()).with_context(|| format!("binding {source}"))?;
    }
    socket.set_tcp_nodelay(true)?;
    socket.set_nonblocking(true)?;
    match socket.connect(&address.into()) {
        Ok(()) => {}
        // EINPROGRESS: epoll says what comes of it.
        Err(error) if error.raw_os_error() == Some(IN_PROGRESS) || error.kind() == ErrorKind::WouldBlock => {}
        Err(error) => return Err(error).with_context(|| format!("connecting to {address}")),
    }
    Ok(socket.into())
}

/// EINPROGRESS on Linux.
const IN_PROGRESS: i32 = 115;
