//! The least WebSocket server that authenticates, subscribes and fans out: what the machine can do with sockets, with
//! nothing of a product around it. It is the floor of the benchmarks that count connections and deliveries.
//!
//! It speaks text: `hello TOKEN TOPIC` is answered by `welcome`, `say TOPIC WORDS` sends the words to everybody on the
//! topic. It keeps nothing.

use crate::ws::{self, Say};
use anyhow::{Context, bail};
use std::cell::RefCell;
use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::rc::{Rc, Weak};
use std::time::Duration;
use switchboard_testkit::Process;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::LocalSet;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// What every client shows.
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// The subcommand that runs it.
pub const COMMAND: &str = "handmade";

/// A connection's buffer, in bytes.
const BUFFER_BYTES: usize = 2 * 1024;
/// Longest handshake and longest frame, in bytes.
const MESSAGE_BYTES: usize = 64 * 1024;
/// What may wait for a client that does not read, in bytes.
const UNSENT_BYTES: usize = 1024 * 1024;
/// Seconds between two pings.
const PING_EVERY: Duration = Duration::from_secs(20);
/// Connections that may wait to be accepted.
const BACKLOG: i32 = 4_096;
/// How long it may take to start.
const START: Duration = Duration::from_secs(10);

/// A running one, in a process of its own.
#[derive(Debug)]
pub struct Handmade {
    process: Process,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Handmade {
    /// Starts this very program with [`COMMAND`], by way of `wrap`, which may put it on a core.
    ///
    /// # Errors
    /// When it does not say where it listens.
    pub fn start(command: &mut std::process::Command) -> anyhow::Result<Self> {
        let mut process = Process::spawn("hand-made server", command)?;
        let address =
            process.wait_for_line(START, |line| line.strip_prefix("listening on ")?.parse().ok())?;
        Ok(Self { process, address })
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }
}

/// Those who listen to one topic.
type Topic = Rc<RefCell<Vec<Weak<Client>>>>;

#[derive(Debug, Default)]
struct Hall {
    topics: RefCell<HashMap<String, Topic>>,
    /// For pings: everybody, in twenty parts.
    all: RefCell<Vec<Vec<Weak<Client>>>>,
}

#[derive(Debug)]
struct Client {
    stream: TcpStream,
    unsent: RefCell<Vec<u8>>,
    wake: Notify,
}

impl Client {
    /// Writes at once what the system takes; the rest waits.
    fn send(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let mut unsent = self.unsent.borrow_mut();
        let mut rest = bytes;
        while unsent.is_empty() && !rest.is_empty() {
            match self.stream.try_write(rest) {
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        if !rest.is_empty() {
            if unsent.len() + rest.len() > UNSENT_BYTES {
                bail!("too slow");
            }
            unsent.extend_from_slice(rest);
            self.wake.notify_one();
        }
        Ok(())
    }
}

/// Serves on a free port of loopback, for ever, on this one thread.
///
/// # Errors
/// When there is no port.
pub fn serve() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())?;
        socket.listen(BACKLOG)?;
        socket.set_nonblocking(true)?;
        let listener = TcpListener::from_std(socket.into())?;
        println!("listening on {}", listener.local_addr()?);
        let hall = Rc::new(Hall::default());
        hall.all.borrow_mut().resize_with(PING_EVERY.as_secs() as usize, Vec::new);
        tokio::task::spawn_local(ping(Rc::clone(&hall)));
        let mut number = 0_usize;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            number += 1;
            tokio::task::spawn_local(client(Rc::clone(&hall), stream, number));
        }
    })
}

/// Pings a twentieth of all each second.
async fn ping(hall: Rc<Hall>) {
    let mut say = Say::unmasked();
    say.frame(ws::PING, &[]);
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    for turn in 0.. {
        ticks.tick().await;
        let mut all = hall.all.borrow_mut();
        let slots = all.len();
        all[turn % slots].retain(|client| client.upgrade().is_some_and(|one| one.send(say.bytes()).is_ok()));
    }
}

async fn client(hall: Rc<Hall>, stream: TcpStream, number: usize) {
    let client = Rc::new(Client { stream, unsent: RefCell::default(), wake: Notify::new() });
    // Whoever leaves, in whatever way, is forgotten by its topics with its last reference.
    let _ = converse(&hall, &client, number).await;
}

async fn converse(hall: &Hall, client: &Rc<Client>, number: usize) -> anyhow::Result<()> {
    let mut buffer = Vec::with_capacity(BUFFER_BYTES);
    let mut shaken = false;
    let mut known = false;
    loop {
        tokio::select! {
            ready = client.stream.readable() => ready?,
            () = client.wake.notified() => {
                drain(client).await?;
                continue;
            }
        }
        match client.stream.try_read_buf(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error.into()),
        }
        let mut from = 0;
        if !shaken {
            let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
                if buffer.len() > MESSAGE_BYTES {
                    bail!("an endless head");
                }
                buffer.reserve(BUFFER_BYTES);
                continue;
            };
            client.send(answer(&buffer[..end])?.as_bytes())?;
            (shaken, from) = (true, end + 4);
            // Only now: a ping in front of the answer would not be understood.
            let mut all = hall.all.borrow_mut();
            let slot = number % all.len();
            all[slot].push(Rc::downgrade(client));
        }
        while let Some(frame) = ws::frame(&buffer, from) {
            from = frame.payload.end;
            let payload = &mut buffer[frame.payload.clone()];
            ws::unmask(payload, frame.mask.context("clients mask")?);
            match frame.kind {
                ws::TEXT => take(hall, client, &mut known, std::str::from_utf8(payload)?)?,
                ws::CLOSE => return Ok(()),
                ws::PING => {
                    let mut say = Say::unmasked();
                    say.frame(ws::PONG, &[payload]);
                    client.send(say.bytes())?;
                }
                _ => {}
            }
        }
        buffer.drain(..from);
        if buffer.len() > MESSAGE_BYTES {
            bail!("an endless frame");
        }
        buffer.shrink_to(BUFFER_BYTES);
        if buffer.len() == buffer.capacity() {
            buffer.reserve(BUFFER_BYTES);
        }
    }
}

/// Writes what waits.
async fn drain(client: &Client) -> anyhow::Result<()> {
    while !client.unsent.borrow().is_empty() {
        client.stream.writable().await?;
        let mut unsent = client.unsent.borrow_mut();
        match client.stream.try_write(&unsent) {
            Ok(count) => drop(unsent.drain(..count)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
    }
    *client.unsent.borrow_mut() = Vec::new();
    Ok(())
}

fn answer(head: &[u8]) -> anyhow::Result<String> {
    let head = std::str::from_utf8(head)?;
    let field = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("sec-websocket-key").then(|| value.trim().to_owned())
    };
    let key = head.lines().find_map(field).context("no key")?;
    let accept = derive_accept_key(key.as_bytes());
    Ok(format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    ))
}

fn take(hall: &Hall, client: &Rc<Client>, known: &mut bool, text: &str) -> anyhow::Result<()> {
    let mut words = text.splitn(3, ' ');
    match (words.next(), words.next(), words.next()) {
        (Some("hello"), Some(token), Some(topic)) if token == TOKEN => {
            *known = true;
            let topic = Rc::clone(hall.topics.borrow_mut().entry(topic.to_owned()).or_default());
            topic.borrow_mut().push(Rc::downgrade(client));
            let mut say = Say::unmasked();
            say.text(&[b"welcome"]);
            client.send(say.bytes())
        }
        (Some("say"), Some(topic), Some(words)) if *known => {
            let Some(topic) = hall.topics.borrow().get(topic).map(Rc::clone) else { return Ok(()) };
            // Written once, for everybody.
            let mut say = Say::unmasked();
            say.text(&[words.as_bytes()]);
            topic.borrow_mut().retain(|one| one.upgrade().is_some_and(|one| one.send(say.bytes()).is_ok()));
            Ok(())
        }
        _ => bail!("not understood"),
    }
}
