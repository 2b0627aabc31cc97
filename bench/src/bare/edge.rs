//! The sockets of the bare pipeline.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::rc::Rc;

use anyhow::{Context, bail, ensure};
use tokio::io::Interest;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::row::{Row, Said, Stored};
use super::{BATCH, WAITING};
use crate::ws::{self, Say};

/// Bytes read at once from a socket.
const READ: usize = 2 * 1024;
/// Largest head of an upgrade, in bytes.
const HEAD: usize = 8 * 1024;
/// Bytes that may wait for one socket; who reads that slowly is cut off.
const OUTBOX: usize = 16 * 1024 * 1024;

/// All connections of a process.
pub(super) struct Edge {
    connections: RefCell<HashMap<usize, Rc<Connection>>>,
    /// Who is there: `v17`, `s3`.
    by_token: RefCell<HashMap<String, usize>>,
    rows: mpsc::Sender<Row>,
    next: Cell<usize>,
}

struct Connection {
    stream: TcpStream,
    say: RefCell<Say>,
    /// Whether it is among those to be flushed.
    touched: Cell<bool>,
    more: Notify,
}

/// Listens; what clients send comes out of the channel.
pub(super) async fn start(listen: SocketAddr) -> anyhow::Result<(Rc<Edge>, mpsc::Receiver<Row>)> {
    let listener = TcpListener::bind(listen).await.context("cannot listen")?;
    let (rows, received) = mpsc::channel(WAITING);
    let edge = Rc::new(Edge {
        connections: RefCell::default(),
        by_token: RefCell::default(),
        rows,
        next: Cell::new(0),
    });
    let accepting = Rc::clone(&edge);
    tokio::task::spawn_local(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            tokio::task::spawn_local(Rc::clone(&accepting).serve(stream));
        }
    });
    Ok((edge, received))
}

impl Edge {
    async fn serve(self: Rc<Self>, stream: TcpStream) {
        let number = self.next.replace(self.next.get() + 1);
        let mut token = String::new();
        // However it ends, it is over.
        let _ = self.talk(number, stream, &mut token).await;
        self.connections.borrow_mut().remove(&number);
        let mut there = self.by_token.borrow_mut();
        if there.get(&token) == Some(&number) {
            there.remove(&token);
        }
    }

    async fn talk(&self, number: usize, stream: TcpStream, token: &mut String) -> anyhow::Result<()> {
        stream.set_nodelay(true)?;
        let mut input = upgrade(&stream).await?;
        let (say, touched, more) = (RefCell::new(Say::unmasked()), Cell::new(false), Notify::new());
        let connection = Rc::new(Connection { stream, say, touched, more });
        self.connections.borrow_mut().insert(number, Rc::clone(&connection));
        loop {
            let mut used = 0;
            while let Some(frame) = ws::frame(&input, used) {
                used = frame.payload.end;
                let payload = &mut input[frame.payload];
                ws::unmask(payload, frame.mask.unwrap_or_default());
                match frame.kind {
                    ws::CLOSE => return Ok(()),
                    ws::TEXT => self.heard(number, &connection, payload, token).await?,
                    _ => {}
                }
            }
            input.drain(..used);
            read(&connection, &mut input).await?;
        }
    }

    async fn heard(
        &self,
        number: usize,
        connection: &Connection,
        payload: &[u8],
        token: &mut String,
    ) -> anyhow::Result<()> {
        let said: Said<'_> = serde_json::from_slice(payload)?;
        match (said.kind.as_ref(), said.token, said.conversation, said.client_msg_id, said.body) {
            ("send", _, Some(conversation), Some(client_msg_id), Some(body)) => {
                let row = Row {
                    conversation: conversation.into_owned(),
                    author: token.clone(),
                    client_msg_id: client_msg_id.into_owned(),
                    body: body.to_owned(),
                    from: number,
                    seq: 0,
                    id: String::new(),
                };
                self.rows.send(row).await.context("the writer is gone")?;
            }
            ("hello", Some(name), ..) => {
                *token = name.into_owned();
                self.by_token.borrow_mut().insert(token.clone(), number);
                connection.say.borrow_mut().text(&[br#"{"type":"welcome"}"#]);
                connection.flush();
            }
            _ => bail!("what is that?"),
        }
        Ok(())
    }

    /// Puts an acknowledgement into its sender's outbox.
    pub(super) fn ack(&self, row: &Stored, at: &str, touched: &mut Vec<usize>) {
        self.put(row.from, touched, |say| {
            let seq = row.seq.to_string();
            say.text(&[
                br#"{"type":"ack","client_msg_id":""#,
                row.client_msg_id.as_bytes(),
                br#"","conversation":""#,
                row.conversation.as_bytes(),
                br#"","seq":"#,
                seq.as_bytes(),
                br#","id":""#,
                row.id.as_bytes(),
                br#"","at":""#,
                at.as_bytes(),
                br#""}"#,
            ]);
        });
    }

    /// Puts a message into the outbox of the conversation's other side.
    pub(super) fn deliver(&self, row: &Row, at: &str, touched: &mut Vec<usize>) {
        let by_visitor = row.author.starts_with('v');
        let (prefix, side) = match row.conversation.split_once('.') {
            Some((_, staff)) if by_visitor => ("s", staff),
            Some((visitor, _)) => ("v", visitor),
            None => return,
        };
        let Some(to) = self.by_token.borrow().get(&format!("{prefix}{side}")).copied() else { return };
        let (seq, kind) = (row.seq.to_string(), if by_visitor { "visitor" } else { "agent" });
        self.put(to, touched, |say| {
            say.text(&[
                br#"{"type":"entry","entry":{"conversation":""#,
                row.conversation.as_bytes(),
                br#"","seq":"#,
                seq.as_bytes(),
                br#","id":""#,
                row.id.as_bytes(),
                br#"","at":""#,
                at.as_bytes(),
                br#"","kind":"message","author":{"kind":""#,
                kind.as_bytes(),
                br#"","id":""#,
                row.author.as_bytes(),
                br#"","name":"Visitor"},"body":"#,
                row.body.get().as_bytes(),
                br#","client_msg_id":""#,
                row.client_msg_id.as_bytes(),
                br#""}}"#,
            ]);
        });
    }

    fn put(&self, number: usize, touched: &mut Vec<usize>, write: impl FnOnce(&mut Say)) {
        if let Some(connection) = self.connections.borrow().get(&number) {
            write(&mut connection.say.borrow_mut());
            if !connection.touched.replace(true) {
                touched.push(number);
            }
        }
    }

    /// Writes the outboxes that were touched, each at once.
    pub(super) fn flush(&self, touched: &mut Vec<usize>) {
        let connections = self.connections.borrow();
        for connection in touched.drain(..).filter_map(|number| connections.get(&number)) {
            connection.touched.set(false);
            connection.flush();
        }
    }
}

impl Connection {
    /// Writes as much as the kernel takes; the connection's own task writes the rest.
    fn flush(&self) {
        let mut say = self.say.borrow_mut();
        match self.stream.try_write(say.bytes()) {
            Ok(written) if written == say.bytes().len() => return say.bytes_mut().clear(),
            Ok(written) => drop(say.bytes_mut().drain(..written)),
            // A broken connection is noticed by its reader.
            Err(_) => {}
        }
        self.more.notify_one();
    }
}

/// Waits until there is more to read, writing meanwhile what waits to be written.
async fn read(connection: &Connection, input: &mut Vec<u8>) -> anyhow::Result<()> {
    let mut piece = [0; READ];
    loop {
        let waits = !connection.say.borrow().bytes().is_empty();
        let interest = if waits { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
        tokio::select! {
            ready = connection.stream.ready(interest) => {
                let ready = ready?;
                if waits && ready.is_writable() {
                    ensure!(connection.say.borrow().bytes().len() < OUTBOX, "too slow");
                    connection.flush();
                }
            }
            () = connection.more.notified() => continue,
        }
        match connection.stream.try_read(&mut piece) {
            Ok(0) => bail!("closed"),
            Ok(read) => {
                input.extend_from_slice(&piece[..read]);
                return Ok(());
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Answers the opening handshake; answers what came behind it.
async fn upgrade(stream: &TcpStream) -> anyhow::Result<Vec<u8>> {
    let mut input = Vec::new();
    let mut piece = [0; READ];
    let end = loop {
        if let Some(end) = input.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        ensure!(input.len() < HEAD, "too long");
        stream.readable().await?;
        match stream.try_read(&mut piece) {
            Ok(0) => bail!("closed"),
            Ok(read) => input.extend_from_slice(&piece[..read]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
    };
    let head = String::from_utf8_lossy(&input[..end]).into_owned();
    let key = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("sec-websocket-key").then(|| value.trim().to_owned())
    });
    let accept = derive_accept_key(key.context("no key")?.as_bytes());
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    ensure!(stream.try_write(answer.as_bytes())? == answer.len(), "an answer in pieces");
    input.drain(..end + 4);
    Ok(input)
}

/// Whatever waits, at most a batch; waits for the first one.
pub(super) async fn whatever_waits(rows: &mut mpsc::Receiver<Row>) -> anyhow::Result<Vec<Row>> {
    let mut batch = Vec::with_capacity(BATCH);
    ensure!(rows.recv_many(&mut batch, BATCH).await > 0, "the edge is gone");
    Ok(batch)
}
