//! What waits to be written to one socket. Whoever puts something in never waits; a socket that does not read
//! loses its hints first and its connection then.

use super::bye::Bye;
use super::channel::Frame;
use crate::limits::{OUTBOX_BYTES, OUTBOX_FRAMES, REPLAY_BYTES, REPLAY_FRAMES};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Frames taken for one write.
const WRITE_FRAMES: usize = 64;
/// Bytes after which no more frames are taken for one write.
const WRITE_BYTES: usize = 64 * 1024;

/// What kind of frame it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Must arrive, or the socket ends.
    Must,
    /// An entry of the past: whoever replays waits for room, see [`Outbox::room`].
    Replay,
    /// Typing, presence, places in the queue: may be dropped.
    Hint,
}

/// The queue of one socket.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    inner: Mutex<Inner>,
    ready: Notify,
    room: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    queue: VecDeque<(Weight, Frame)>,
    bytes: usize,
    replayed: usize,
    replayed_bytes: usize,
    ping: bool,
    bye: Option<Bye>,
    gone: bool,
}

/// What is to be written now, in this order.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Batch {
    pub(crate) frames: Vec<Frame>,
    pub(crate) ping: bool,
    /// Nothing comes after it.
    pub(crate) bye: Option<Bye>,
}

impl Batch {
    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty() && !self.ping && self.bye.is_none()
    }
}

impl Outbox {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere leaves a queue that is still whole.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a frame. Over the limit hints go first; then the socket is told that it is too slow.
    pub(crate) fn push(&self, weight: Weight, frame: Frame) {
        let mut inner = self.lock();
        if inner.bye.is_some() || inner.gone {
            return;
        }
        if !inner.fits(frame.len()) {
            if weight == Weight::Hint {
                return;
            }
            inner.drop_hints();
        }
        if inner.fits(frame.len()) {
            inner.add(weight, frame);
        } else {
            inner.clear();
            inner.bye = Some(Bye::TOO_SLOW);
            metrics::counter!("switchboard_slow_consumers_total").increment(1);
        }
        drop(inner);
        self.ready.notify_one();
    }

    /// How many frames wait.
    pub(crate) fn waiting(&self) -> usize {
        self.lock().queue.len()
    }

    /// Waits until replayed entries have room again; `false` when the socket is gone. One replay at a time.
    pub(crate) async fn room(&self) -> bool {
        loop {
            {
                let inner = self.lock();
                if inner.bye.is_some() || inner.gone {
                    return false;
                }
                if inner.replayed < REPLAY_FRAMES && inner.replayed_bytes < REPLAY_BYTES {
                    return true;
                }
            }
            self.room.notified().await;
        }
    }

    /// Asks for a ping.
    pub(crate) fn ping(&self) {
        self.lock().ping = true;
        self.ready.notify_one();
    }

    /// Ends the socket after what already waits, or at once when that must be withheld. The first reason stays,
    /// unless the second withholds.
    pub(crate) fn end(&self, bye: Bye) {
        let mut inner = self.lock();
        if bye.withholds() {
            inner.clear();
        } else if inner.bye.is_some() {
            return;
        }
        inner.bye = Some(bye);
        drop(inner);
        self.ready.notify_one();
        self.room.notify_waiters();
    }

    /// The socket is gone: whatever is added from now on goes nowhere.
    pub(crate) fn close(&self) {
        let mut inner = self.lock();
        inner.gone = true;
        inner.clear();
        drop(inner);
        self.room.notify_waiters();
    }

    /// Whether the socket has ended or is about to.
    pub(crate) fn is_over(&self) -> bool {
        let inner = self.lock();
        inner.bye.is_some() || inner.gone
    }

    /// Whether it has ended in a way that withholds: what is being written must stop too.
    pub(crate) fn is_cut_off(&self) -> bool {
        self.lock().bye.as_ref().is_some_and(Bye::withholds)
    }

    /// Looks again: something outside has changed.
    pub(crate) fn wake(&self) {
        self.ready.notify_one();
    }

    /// Waits for something to write. Nothing is lost when the returned future is dropped.
    pub(crate) async fn ready(&self) {
        self.ready.notified().await;
    }

    /// What to write now. Without `content` only pings and an end are given out; the rest stays.
    pub(crate) fn take(&self, content: bool) -> Batch {
        let mut inner = self.lock();
        let mut batch = Batch { ping: std::mem::take(&mut inner.ping), ..Batch::default() };
        let mut bytes = 0;
        while content && batch.frames.len() < WRITE_FRAMES && bytes < WRITE_BYTES {
            let Some((weight, frame)) = inner.queue.pop_front() else { break };
            inner.bytes -= frame.len();
            if weight == Weight::Replay {
                inner.replayed -= 1;
                inner.replayed_bytes -= frame.len();
            }
            bytes += frame.len();
            batch.frames.push(frame);
        }
        if inner.queue.is_empty() || !content {
            batch.bye.clone_from(&inner.bye);
        }
        let idle = inner.queue.is_empty();
        if idle {
            // A quiet socket keeps no memory for a busy hour.
            inner.queue.shrink_to(0);
        }
        drop(inner);
        if !batch.frames.is_empty() {
            // One replay waits at most; a permit left behind only makes it look once more.
            self.room.notify_one();
        }
        if content && !idle {
            self.ready.notify_one();
        }
        batch
    }
}

impl Inner {
    fn fits(&self, bytes: usize) -> bool {
        self.queue.len() < OUTBOX_FRAMES && self.bytes + bytes <= OUTBOX_BYTES
    }

    fn add(&mut self, weight: Weight, frame: Frame) {
        self.bytes += frame.len();
        if weight == Weight::Replay {
            self.replayed += 1;
            self.replayed_bytes += frame.len();
        }
        self.queue.push_back((weight, frame));
    }

    fn drop_hints(&mut self) {
        self.queue.retain(|(weight, _)| *weight != Weight::Hint);
        self.bytes = self.queue.iter().map(|(_, frame)| frame.len()).sum();
    }

    fn clear(&mut self) {
        self.queue = VecDeque::new();
        self.bytes = 0;
        self.replayed = 0;
        self.replayed_bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn frame(text: &str) -> Frame {
        Frame::from(text.to_owned())
    }

    fn all(outbox: &Outbox) -> Vec<String> {
        let mut texts = Vec::new();
        loop {
            let batch = outbox.take(true);
            if batch.frames.is_empty() {
                return texts;
            }
            texts.extend(batch.frames.iter().map(ToString::to_string));
        }
    }

    #[test]
    fn hints_go_first_and_the_socket_then() {
        let outbox = Outbox::default();
        outbox.push(Weight::Hint, frame("hint"));
        for n in 1..OUTBOX_FRAMES {
            outbox.push(Weight::Must, frame(&n.to_string()));
        }
        outbox.push(Weight::Hint, frame("no room"));
        assert!(!outbox.is_over());
        outbox.push(Weight::Must, frame("last"));
        assert!(!outbox.is_over(), "the hint made room");
        outbox.push(Weight::Must, frame("too many"));
        let batch = outbox.take(true);
        assert_eq!((batch.frames.len(), batch.bye), (0, Some(Bye::TOO_SLOW)));
    }

    #[test]
    fn bytes_are_bounded_too() {
        let outbox = Outbox::default();
        for _ in 0..16 {
            outbox.push(Weight::Must, frame(&"x".repeat(OUTBOX_BYTES / 16)));
        }
        assert!(!outbox.is_over());
        outbox.push(Weight::Must, frame("x"));
        assert!(outbox.is_over());
    }

    #[test]
    fn order_is_kept_and_an_end_comes_last() {
        let outbox = Outbox::default();
        for n in 0..WRITE_FRAMES + 1 {
            outbox.push(Weight::Must, frame(&n.to_string()));
        }
        outbox.end(Bye::BAD_FRAME);
        outbox.end(Bye::TOO_LARGE);
        outbox.push(Weight::Must, frame("after the end"));
        let first = outbox.take(true);
        assert_eq!((first.frames.len(), first.bye), (WRITE_FRAMES, None));
        let second = outbox.take(true);
        assert_eq!((second.frames.len(), second.bye), (1, Some(Bye::BAD_FRAME)));
    }

    #[test]
    fn what_must_be_withheld_is_not_sent() {
        let outbox = Outbox::default();
        outbox.push(Weight::Must, frame("secret"));
        outbox.ping();
        let batch = outbox.take(false);
        assert_eq!((batch.frames.len(), batch.ping, batch.bye), (0, true, None));
        outbox.end(Bye::TOO_SLOW);
        outbox.end(Bye::REVOKED);
        let batch = outbox.take(true);
        assert_eq!((batch.frames.len(), batch.bye), (0, Some(Bye::REVOKED)));
        assert!(all(&outbox).is_empty());
    }

    #[tokio::test]
    async fn a_replay_waits_for_room_and_ends_with_its_socket() {
        let outbox = Arc::new(Outbox::default());
        for _ in 0..REPLAY_FRAMES {
            assert!(outbox.room().await);
            outbox.push(Weight::Replay, frame("entry"));
        }
        let waiting = tokio::spawn({
            let outbox = Arc::clone(&outbox);
            async move { outbox.room().await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        assert_eq!(all(&outbox).len(), REPLAY_FRAMES);
        assert!(waiting.await.unwrap());
        outbox.close();
        assert!(!outbox.room().await);
    }
}
