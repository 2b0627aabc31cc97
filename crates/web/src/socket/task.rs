//! The life of a socket: hello, then reading and writing until one of the ends has enough.

use super::Opening;
use super::bye::Bye;
use super::channel::{Channel, Frame, Incoming};
use super::outbox::Batch;
use super::places::Place;
use super::reader::{Reader, Who};
use super::{frames, hello};
use crate::buckets::Bucket;
use crate::edge::Shared;
use crate::http::server::stopped;
use crate::limits::{EXCESS_PAUSE, HELLO_DEADLINE, WRITE_DEADLINE};
use std::pin::{Pin, pin};
use std::sync::Arc;
use switchboard_faults::{self as faults, Point};
use switchboard_wire::view::FromClient;
use tokio::time::{Instant, Sleep, sleep, timeout};

/// A reader, and what is written to it first.
type Greeted = (Arc<Reader>, Vec<Frame>);

/// Whether a socket goes on.
#[derive(PartialEq, Eq)]
enum Goes {
    On,
    /// Say goodbye with what waits in the outbox.
    Away,
}

pub(super) async fn run(edge: Shared, mut channel: Channel, opening: Opening, place: Place) {
    let _place = place;
    // Boxed, because it is long and over soon, while the rest of this function waits for hours.
    let hello = Box::pin(first(&edge, &mut channel, opening)).await;
    let (reader, frames) = match hello {
        Ok(Some(greeted)) => greeted,
        Ok(None) => return,
        Err(bye) => return channel.end(&bye).await,
    };
    let open = Open::new(&edge, &reader);
    // Past the outbox, which a long list of conversations would overflow.
    let welcome = Batch { frames, ..Batch::default() };
    if !Box::pin(written(&mut channel, &reader, &welcome)).await {
        return;
    }
    drop(welcome);
    let mut left = Bucket::full(edge.frames, Instant::now());
    // Whoever sends too much is refused, and then not read for a moment: its own connection fills up, and nobody
    // else waits behind the refusals.
    let mut paused: Option<Pin<Box<Sleep>>> = None;
    let bye = loop {
        tokio::select! {
            incoming = channel.next(), if paused.is_none() => {
                reader.heard(edge.now_s());
                let admitted = left.take(edge.frames, Instant::now());
                paused = admitted.err().map(|wait| Box::pin(sleep(wait.min(EXCESS_PAUSE))));
                match incoming {
                    Incoming::Text(text) => frames::handle(&edge, &reader, &text, admitted),
                    Incoming::Life => {}
                    Incoming::Bad(bye) => reader.outbox.end(bye),
                    Incoming::Over => return,
                }
                if !reader.outbox.is_over() {
                    continue;
                }
            }
            () = over(&mut paused), if paused.is_some() => {
                paused = None;
                continue;
            }
            () = reader.outbox.ready() => {}
        }
        match write(&mut channel, &reader).await {
            Ok(Goes::On) => {}
            Ok(Goes::Away) => return,
            Err(bye) => break bye,
        }
    };
    // Nobody counts on it any more, however long the goodbye takes.
    drop(open);
    channel.end(&bye).await;
}

/// Waits for the end of a pause.
async fn over(pause: &mut Option<Pin<Box<Sleep>>>) {
    if let Some(pause) = pause {
        pause.await;
    }
}

/// Waits for hello and answers it. `None`: the other end has left.
async fn first(edge: &Shared, channel: &mut Channel, opening: Opening) -> Result<Option<Greeted>, Bye> {
    let mut stop = edge.stop.subscribe();
    let waiting = timeout(HELLO_DEADLINE, async {
        loop {
            match channel.next().await {
                Incoming::Text(text) => return Some(serde_json::from_str(&text).map_err(|_| Bye::BAD_FRAME)),
                Incoming::Life => {}
                Incoming::Bad(bye) => return Some(Err(bye)),
                Incoming::Over => return None,
            }
        }
    });
    let frame = tokio::select! {
        frame = waiting => frame.map_err(|_| Bye::NO_HELLO)?,
        () = stopped(&mut stop) => return Err(Bye::restart(&*edge.rng)),
    };
    match frame {
        None => Ok(None),
        Some(Ok(FromClient::Hello { token, resume })) => {
            hello::greet(edge, opening, token, resume).await.map(Some)
        }
        Some(Ok(_)) => Err(Bye::NO_HELLO),
        Some(Err(bye)) => Err(bye),
    }
}

/// Writes what waits. An error is how the socket ends.
async fn write(channel: &mut Channel, reader: &Reader) -> Result<Goes, Bye> {
    loop {
        // Asked before each write.
        let batch = reader.outbox.take(reader.is_vouched_for(Instant::now()));
        if batch.is_empty() {
            return Ok(Goes::On);
        }
        let acks = faults::ON && batch.frames.iter().any(Frame::is_ack);
        if acks {
            faults::at(Point::AckWriteBefore);
        }
        if !written(channel, reader, &batch).await {
            // Whoever is cut off while not reading is told, as far as that is possible.
            return reader.outbox.take(false).bye.map_or(Ok(Goes::Away), Err);
        }
        if acks {
            faults::at(Point::AckWriteAfter);
        }
        if let Some(bye) = batch.bye {
            return Err(bye);
        }
    }
}

/// Writes a batch; `false` when it could not be written in time, or must not be written any more.
async fn written(channel: &mut Channel, reader: &Reader, batch: &Batch) -> bool {
    let mut woken = false;
    let mut writing = pin!(timeout(WRITE_DEADLINE, channel.write(batch)));
    let written = loop {
        tokio::select! {
            written = &mut writing => break matches!(written, Ok(Ok(()))),
            () = reader.outbox.ready() => {
                woken = true;
                if reader.outbox.is_cut_off() {
                    break false;
                }
            }
        }
    };
    if woken {
        reader.outbox.wake();
    }
    written
}

/// A socket that everybody on the node knows, until it is dropped.
struct Open<'a> {
    edge: &'a Shared,
    reader: &'a Arc<Reader>,
}

impl<'a> Open<'a> {
    fn new(edge: &'a Shared, reader: &'a Arc<Reader>) -> Self {
        edge.wheel.add(reader);
        metrics::gauge!("switchboard_sockets", "kind" => kind(reader)).increment(1.0);
        Self { edge, reader }
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let Self { edge, reader } = self;
        reader.outbox.close();
        edge.wheel.remove(reader);
        edge.hub.remove(reader);
        if let Who::Agent(session) = &reader.who {
            edge.sessions.remove(session, reader);
        }
        metrics::gauge!("switchboard_sockets", "kind" => kind(reader)).decrement(1.0);
    }
}

fn kind(reader: &Reader) -> &'static str {
    match reader.who {
        Who::Visitor { .. } => "visitor",
        Who::Agent(_) => "agent",
    }
}
