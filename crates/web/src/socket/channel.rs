//! The one place that knows the WebSocket library: text in, text out, ping, close.

use super::bye::Bye;
use super::outbox::Batch;
use crate::limits::{SOCKET_BUFFER_BYTES, WRITE_DEADLINE};
use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use std::time::Duration;
use switchboard_domain::limits::BODY_BYTES;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::frame::Utf8Bytes;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role, WebSocketConfig};

/// How long the other end may take to hear a goodbye.
const GOODBYE: Duration = Duration::from_secs(2);
/// What is thrown away at a time of what still comes after a goodbye.
const LEFTOVER_BYTES: usize = 8 * 1024;

/// A frame that was written once, for any number of sockets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame(Utf8Bytes);

impl Frame {
    /// In bytes.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it acknowledges a message.
    pub(crate) fn is_ack(&self) -> bool {
        self.0.starts_with("{\"type\":\"ack\"")
    }
}

impl From<String> for Frame {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Arc<str>> for Frame {
    fn from(text: Arc<str>) -> Self {
        // Text stays text; should it ever not, an empty frame is one that clients pass over.
        let bytes = Utf8Bytes::try_from(Bytes::from_owner(Shared(text)));
        Self(bytes.unwrap_or_else(|_| Utf8Bytes::from_static("{}")))
    }
}

impl std::fmt::Display for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

struct Shared(Arc<str>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// An open WebSocket.
pub(super) struct Channel(WebSocketStream<TokioIo<Upgraded>>);

/// What came in.
#[derive(Debug)]
pub(super) enum Incoming {
    Text(Utf8Bytes),
    /// A ping or pong: a sign of life.
    Life,
    /// What no client of ours sends.
    Bad(Bye),
    /// The connection is over.
    Over,
}

impl Channel {
    /// On a connection after the handshake. The library's own buffers would cost 130 KiB for each idle socket.
    pub(super) async fn new(upgraded: Upgraded) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(SOCKET_BUFFER_BYTES)
            .write_buffer_size(SOCKET_BUFFER_BYTES)
            .max_message_size(Some(BODY_BYTES))
            .max_frame_size(Some(BODY_BYTES));
        let io = TokioIo::new(upgraded);
        Self(WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await)
    }

    /// The next thing that comes in. Nothing is lost when the returned future is dropped.
    pub(super) async fn next(&mut self) -> Incoming {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => Incoming::Text(text),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Incoming::Life,
            Some(Ok(Message::Binary(_)) | Err(Error::Utf8(_))) => Incoming::Bad(Bye::BAD_FRAME),
            Some(Err(Error::Capacity(_))) => Incoming::Bad(Bye::TOO_LARGE),
            // Everything but an end without a goodbye is a frame that RFC 6455 forbids.
            Some(Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake))) => Incoming::Over,
            Some(Err(Error::Protocol(_))) => Incoming::Bad(Bye::BAD_FRAME),
            Some(Ok(Message::Close(_))) => {
                // The answer to the close is ready; it only has to be written.
                let _ = timeout(GOODBYE, self.0.flush()).await;
                Incoming::Over
            }
            Some(Err(_)) | None => Incoming::Over,
        }
    }

    /// Writes frames and a ping, all of it.
    pub(super) async fn write(&mut self, batch: &Batch) -> Result<(), Error> {
        for frame in &batch.frames {
            self.0.feed(Message::Text(frame.0.clone())).await?;
        }
        if batch.ping {
            self.0.feed(Message::Ping(Bytes::new())).await?;
        }
        self.0.flush().await
    }

    /// Says goodbye. What the other end still sends is read and thrown away for a little while: closing with
    /// something unread would make its system forget what we said last.
    pub(super) async fn end(mut self, bye: &Bye) {
        let close = CloseFrame { code: bye.code.into(), reason: Utf8Bytes::from_static(bye.reason) };
        let goodbye = async {
            self.0.feed(Message::Text(bye.frame().0)).await?;
            self.0.send(Message::Close(Some(close))).await?;
            let io = self.0.get_mut();
            io.shutdown().await?;
            let mut leftover = vec![0; LEFTOVER_BYTES];
            while io.read(&mut leftover).await? > 0 {}
            Ok::<(), Error>(())
        };
        // Whoever does not listen any more is not waited for; who is told to be slow is given time to be.
        let patience = if *bye == Bye::TOO_SLOW { WRITE_DEADLINE } else { GOODBYE };
        let _ = timeout(patience, goodbye).await;
    }
}
