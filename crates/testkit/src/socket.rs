//! A WebSocket client that records every frame.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use futures_util::{SinkExt, StreamExt, stream::SplitSink};
use http::header::{COOKIE, ORIGIN};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::{WebSocketStream, tungstenite};

use crate::http::{CALL, Http};

/// How a connection ended: the close frame's code and reason; 1006 when the connection just broke.
pub type Closed = (u16, String);

#[derive(Debug, Default)]
struct Record {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    frames: Vec<(Instant, Value)>,
    closed: Option<Closed>,
    /// When anything came last, pings included.
    heard: Option<Instant>,
}

/// An open (or closed) socket; a task of its own reads and answers pings.
#[derive(Debug)]
pub struct Socket {
    sink: SplitSink<WebSocketStream<TcpStream>, Message>,
    record: Arc<Record>,
    reader: JoinHandle<()>,
    reading: watch::Sender<bool>,
    read: usize,
}

/// Why a socket did not open.
#[derive(Debug)]
pub enum Refused {
    /// The server answered the upgrade with this status.
    Status(u16),
    /// It could not be reached.
    Failed(anyhow::Error),
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Status(status) => write!(f, "upgrade refused with {status}"),
            Self::Failed(error) => write!(f, "{error:#}"),
        }
    }
}

impl std::error::Error for Refused {}

impl Socket {
    /// Opens `/api/v1{path}` with the cookie and origin of `http`, and says nothing yet.
    ///
    /// # Errors
    /// [`Refused::Status`] when the server refuses the upgrade.
    pub async fn open(http: &Http, path: &str) -> Result<Self, Refused> {
        Self::begin(http, path).await
    }

    /// As [`Socket::open`], from another loopback address.
    ///
    /// # Errors
    /// As [`Socket::open`].
    pub async fn open_from(http: &Http, path: &str, source: Option<IpAddr>) -> Result<Self, Refused> {
        match source {
            Some(source) => Self::begin(&http.clone().from_source(source), path).await,
            None => Self::begin(http, path).await,
        }
    }

    async fn begin(http: &Http, path: &str) -> Result<Self, Refused> {
        let opening = Box::pin(upgrade(http, path));
        let stream = tokio::time::timeout(CALL, opening)
            .await
            .map_err(|_| Refused::Failed(anyhow!("{path}: no answer to the upgrade in {CALL:?}")))??;
        let (sink, mut incoming) = stream.split();
        let record = Arc::new(Record::default());
        let writes = Arc::clone(&record);
        let (reading, mut may_read) = watch::channel(true);
        let reader = tokio::spawn(async move {
            let closed = loop {
                // An error means that the handle is gone, which aborts this task.
                let _ = may_read.wait_for(|may| *may).await;
                let next = tokio::select! {
                    biased;
                    _ = may_read.changed() => continue,
                    next = incoming.next() => next,
                };
                writes.lock().heard = Some(Instant::now());
                match next {
                    Some(Ok(Message::Text(text))) => {
                        let frame =
                            serde_json::from_str(&text).unwrap_or_else(|_| Value::String(text.to_string()));
                        writes.lock().frames.push((Instant::now(), frame));
                        writes.changed.notify_waiters();
                    }
                    Some(Ok(Message::Close(frame))) => {
                        break frame.map(|frame| (u16::from(frame.code), frame.reason.to_string()));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => break None,
                }
            };
            writes.lock().closed = Some(closed.unwrap_or((1006, String::new())));
            writes.changed.notify_waiters();
            // Polling on lets the library answer the close frame.
            while let Some(Ok(_)) = incoming.next().await {}
        });
        Ok(Self { sink, record, reader, reading, read: 0 })
    }

    /// Sends a frame.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn send(&mut self, frame: &Value) -> anyhow::Result<()> {
        self.send_text(frame.to_string()).await
    }

    /// Sends any text.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn send_text(&mut self, text: String) -> anyhow::Result<()> {
        Ok(self.sink.send(Message::text(text)).await?)
    }

    /// Sends a binary message, which no client of ours does.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn send_binary(&mut self, bytes: Vec<u8>) -> anyhow::Result<()> {
        Ok(self.sink.send(Message::binary(bytes)).await?)
    }

    /// Stops taking anything from the connection, pings included.
    pub fn stop_reading(&self) {
        self.reading.send_replace(false);
    }

    /// Reads on after [`Socket::stop_reading`].
    pub fn read_again(&self) {
        self.reading.send_replace(true);
    }

    /// Waits until there is a frame that was not taken yet, or the connection has ended.
    pub async fn arrival(&self) {
        loop {
            let changed = self.record.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            {
                let state = self.record.lock();
                if state.frames.len() > self.read || state.closed.is_some() {
                    return;
                }
            }
            changed.await;
        }
    }

    /// Takes the frames that came after the last one expected or taken, each with the moment when it was read.
    /// What was taken or passed over is forgotten, so that a long connection takes no more memory than a short one.
    pub fn take(&mut self) -> Vec<(Instant, Value)> {
        let mut state = self.record.lock();
        let fresh = state.frames.split_off(self.read);
        state.frames.clear();
        self.read = 0;
        fresh
    }

    /// Every frame so far, oldest first.
    #[must_use]
    pub fn frames(&self) -> Vec<Value> {
        self.record.lock().frames.iter().map(|(_, frame)| frame.clone()).collect()
    }

    /// The frames of one type so far.
    #[must_use]
    pub fn of_type(&self, kind: &str) -> Vec<Value> {
        self.frames().into_iter().filter(|frame| frame["type"] == kind).collect()
    }

    /// When anything came last, pings included.
    #[must_use]
    pub fn heard(&self) -> Option<Instant> {
        self.record.lock().heard
    }

    /// How the connection ended, if it has.
    #[must_use]
    pub fn ended(&self) -> Option<Closed> {
        self.record.lock().closed.clone()
    }

    /// Waits for the next frame of this type after the last one expected, and skips what came before it.
    ///
    /// # Errors
    /// When the deadline passes or the connection ends first; the message holds what came instead.
    pub async fn expect(&mut self, kind: &str, deadline: Duration) -> anyhow::Result<Value> {
        self.expect_where(kind, deadline, |frame| frame["type"] == kind).await
    }

    /// Waits for the next frame that fits after the last one expected, and skips what came before it.
    ///
    /// # Errors
    /// As [`Socket::expect`].
    pub async fn expect_where(
        &mut self,
        what: &str,
        deadline: Duration,
        fits: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let until = tokio::time::Instant::now() + deadline;
        loop {
            let changed = self.record.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let ended = {
                let state = self.record.lock();
                let unread = &state.frames[self.read..];
                if let Some(at) = unread.iter().position(|(_, frame)| fits(frame)) {
                    let frame = unread[at].1.clone();
                    self.read += at + 1;
                    return Ok(frame);
                }
                state.closed.clone()
            };
            if let Some(closed) = ended {
                bail!("{what}: closed with {closed:?} instead; {}", self.unread());
            }
            if tokio::time::timeout_at(until, changed).await.is_err() {
                bail!("{what}: not within {deadline:?}; {}", self.unread());
            }
        }
    }

    /// Waits for the end of the connection; answers the close code and reason.
    ///
    /// # Errors
    /// When it is still open after `deadline`.
    pub async fn closed(&mut self, deadline: Duration) -> anyhow::Result<Closed> {
        let until = tokio::time::Instant::now() + deadline;
        loop {
            let changed = self.record.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if let Some(closed) = self.ended() {
                return Ok(closed);
            }
            if tokio::time::timeout_at(until, changed).await.is_err() {
                bail!("still open after {deadline:?}; {}", self.unread());
            }
        }
    }

    /// Closes the connection politely.
    pub async fn close(mut self) {
        let _ = tokio::time::timeout(Duration::from_secs(2), self.sink.close()).await;
    }

    fn unread(&self) -> String {
        let state = self.record.lock();
        let lines: Vec<String> =
            state.frames[self.read..].iter().map(|(_, frame)| frame.to_string()).collect();
        format!("unread: [{}]", lines.join(", "))
    }
}

impl Record {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Without this the reading half would keep the connection open.
        self.reader.abort();
    }
}

async fn upgrade(http: &Http, path: &str) -> Result<WebSocketStream<TcpStream>, Refused> {
    let failed = |error: anyhow::Error| Refused::Failed(error.context(format!("socket {path}")));
    let url = format!("ws://{}/api/v1{path}", http.address());
    let mut request = url.into_client_request().map_err(|error| failed(error.into()))?;
    for (name, value) in [(COOKIE, http.cookie()), (ORIGIN, http.origin())] {
        if let Some(value) = value {
            let value = value.parse().context("header").map_err(failed)?;
            request.headers_mut().insert(name, value);
        }
    }
    let stream = http.connect().await.map_err(failed)?;
    match tokio_tungstenite::client_async(request, stream).await {
        Ok((stream, _)) => Ok(stream),
        Err(tungstenite::Error::Http(response)) => Err(Refused::Status(response.status().as_u16())),
        Err(error) => Err(failed(error.into())),
    }
}
