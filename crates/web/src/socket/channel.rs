//! The one place that knows the WebSocket library: text in, text out, ping, close.

use super::bye::Bye;
use super::outbox::Batch;
use crate::limits::SOCKET_BUFFER_BYTES;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use std::sync::Arc;
use std::time::Duration;
use switchboard_domain::limits::BODY_BYTES;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Error as WsError;

/// Frames up to here are read in whole, so that whoever sent one that is too large is told so in good order; beyond
/// it the connection just ends.
const READ_BYTES: usize = 4 * BODY_BYTES;
/// How long the other end may take to answer a close.
const GOODBYE: Duration = Duration::from_secs(2);

/// An open WebSocket.
pub(super) struct Channel(WebSocket);

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

/// Answers an upgrade and hands over the channel.
pub(super) fn open<F>(upgrade: WebSocketUpgrade, task: impl FnOnce(Channel) -> F + Send + 'static) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    // The library's own defaults cost 130 KiB for each idle socket.
    upgrade
        .read_buffer_size(SOCKET_BUFFER_BYTES)
        .write_buffer_size(SOCKET_BUFFER_BYTES)
        .max_message_size(READ_BYTES)
        .max_frame_size(READ_BYTES)
        .on_upgrade(|socket| task(Channel(socket)))
}

impl Channel {
    /// The next thing that comes in. Nothing is lost when the returned future is dropped.
    pub(super) async fn next(&mut self) -> Incoming {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) if text.len() > BODY_BYTES => Incoming::Bad(Bye::TOO_LARGE),
            Some(Ok(Message::Text(text))) => Incoming::Text(text),
            Some(Ok(Message::Binary(_))) => Incoming::Bad(Bye::BAD_FRAME),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Incoming::Life,
            Some(Ok(Message::Close(_))) | None => Incoming::Over,
            Some(Err(error)) => match error.into_inner().downcast_ref::<WsError>() {
                Some(WsError::Capacity(_)) => Incoming::Bad(Bye::TOO_LARGE),
                Some(WsError::Utf8(_)) => Incoming::Bad(Bye::BAD_FRAME),
                _ => Incoming::Over,
            },
        }
    }

    /// Writes frames and a ping, all of it.
    pub(super) async fn write(&mut self, batch: &Batch) -> Result<(), axum::Error> {
        for frame in &batch.frames {
            self.0.feed(text(frame)).await?;
        }
        if batch.ping {
            self.0.feed(Message::Ping(Bytes::new())).await?;
        }
        self.0.flush().await
    }

    /// Says goodbye, and waits a little for the other end to have heard it.
    pub(super) async fn end(mut self, bye: &Bye) {
        let close = CloseFrame { code: bye.code, reason: Utf8Bytes::from_static(bye.reason) };
        let goodbye = async {
            self.0.feed(text(&bye.frame())).await?;
            self.0.send(Message::Close(Some(close))).await?;
            while let Some(Ok(_)) = self.0.next().await {}
            Ok::<(), axum::Error>(())
        };
        // Whoever does not listen any more is not waited for.
        let _ = timeout(GOODBYE, goodbye).await;
    }
}

/// Shares the text's memory with every other socket that writes it.
fn text(frame: &Arc<str>) -> Message {
    let bytes = Bytes::from_owner(Shared(Arc::clone(frame)));
    // It was text before, so it is text now.
    Utf8Bytes::try_from(bytes).map_or_else(|_| Message::Text(Utf8Bytes::from_static("{}")), Message::Text)
}

struct Shared(Arc<str>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
