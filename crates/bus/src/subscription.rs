//! The reading end of a subscription: a bounded queue that drops the oldest and says so.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::task::coop::consume_budget;

use crate::limits::SUBSCRIPTION_BYTES;
use crate::message::Message;

/// What a reader gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The next message.
    Message(Message),
    /// Messages were dropped because the reader was too slow: at least so many, for NATS's own client does
    /// not count exactly. What follows is newer. Whoever needs all of them must repair from the record.
    Lagged(u64),
    /// The connection was away, or is there only now: what was published before did not come, and everything from now on
    /// does. Whoever needs all of it must repair from the record.
    Reconnected,
}

/// The reading end of a subscription. Dropping it unsubscribes.
pub struct Subscription {
    queue: Arc<Queue>,
    interest: Box<dyn Interest>,
}

/// The bus's side of a subscription. Dropping it unsubscribes at once.
pub(crate) trait Interest: Send + Sync {
    /// Ends new deliveries, lets those under way arrive, then closes the queue.
    fn leave(&self);
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("queue", &self.queue).finish_non_exhaustive()
    }
}

impl Subscription {
    pub(crate) fn new(queue: Arc<Queue>, interest: Box<dyn Interest>) -> Self {
        Self { queue, interest }
    }

    /// Unsubscribes, but keeps what has arrived: [`Subscription::next`] gives the rest and then `None`. Over
    /// NATS a message under way at this moment may be lost.
    pub fn leave(&self) {
        self.interest.leave();
    }

    /// Waits for the next delivery; `None` when the bus was closed and everything is read.
    /// Nothing is lost when the returned future is dropped.
    pub async fn next(&mut self) -> Option<Delivery> {
        // In process a busy queue is always ready; without this a reader would never let others run.
        consume_budget().await;
        loop {
            match self.queue.take() {
                Taken::Delivery(delivery) => return Some(delivery),
                Taken::Closed => return None,
                Taken::Nothing => self.queue.arrived.notified().await,
            }
        }
    }

    /// The next delivery if one waits already.
    pub fn try_next(&mut self) -> Option<Delivery> {
        match self.queue.take() {
            Taken::Delivery(delivery) => Some(delivery),
            Taken::Nothing | Taken::Closed => None,
        }
    }

    /// Waits for the next message, passing over reports of loss: for readers whose deadlines repair.
    pub async fn next_message(&mut self) -> Option<Message> {
        loop {
            match self.next().await? {
                Delivery::Message(message) => return Some(message),
                Delivery::Lagged(_) | Delivery::Reconnected => {}
            }
        }
    }

    /// How many messages wait unread.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.lock().messages.len()
    }
}

enum Taken {
    Delivery(Delivery),
    Nothing,
    Closed,
}

/// The queue between a bus and one reader.
#[derive(Debug)]
pub(crate) struct Queue {
    inner: Mutex<Inner>,
    arrived: Notify,
    capacity: usize,
}

#[derive(Debug, Default)]
struct Inner {
    messages: VecDeque<Message>,
    bytes: usize,
    lagged: u64,
    reconnected: bool,
    closed: bool,
}

impl Queue {
    /// A queue for at most `capacity` messages (at least one) and [`SUBSCRIPTION_BYTES`].
    pub(crate) fn new(capacity: usize) -> Arc<Self> {
        Arc::new(Self { inner: Mutex::default(), arrived: Notify::new(), capacity: capacity.max(1) })
    }

    // A panic elsewhere while holding the lock leaves a queue that is still whole.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a message, dropping the oldest ones that no longer fit.
    pub(crate) fn push(&self, message: Message) {
        let mut inner = self.lock();
        if inner.closed {
            return;
        }
        inner.bytes += message.size();
        inner.messages.push_back(message);
        let before = inner.lagged;
        while inner.messages.len() > self.capacity
            || (inner.bytes > SUBSCRIPTION_BYTES && inner.messages.len() > 1)
        {
            if let Some(oldest) = inner.messages.pop_front() {
                inner.bytes -= oldest.size();
                inner.lagged += 1;
            }
        }
        let dropped = inner.lagged - before;
        drop(inner);
        if dropped > 0 {
            metrics::counter!("switchboard_bus_dropped_total").increment(dropped);
        }
        self.arrived.notify_one();
    }

    /// Records that messages were lost before they came here.
    pub(crate) fn lost(&self, count: u64) {
        self.lock().lagged += count;
        self.arrived.notify_one();
    }

    /// Records that nothing came for a while.
    pub(crate) fn reconnected(&self) {
        self.lock().reconnected = true;
        self.arrived.notify_one();
    }

    /// Lets the reader read what is there and then see the end.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_one();
    }

    fn take(&self) -> Taken {
        let mut inner = self.lock();
        if inner.lagged > 0 {
            return Taken::Delivery(Delivery::Lagged(std::mem::take(&mut inner.lagged)));
        }
        if std::mem::take(&mut inner.reconnected) {
            return Taken::Delivery(Delivery::Reconnected);
        }
        match inner.messages.pop_front() {
            Some(message) => {
                inner.bytes -= message.size();
                Taken::Delivery(Delivery::Message(message))
            }
            None if inner.closed => {
                // The next call must see the end too.
                self.arrived.notify_one();
                Taken::Closed
            }
            None => Taken::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Interest for Arc<Queue> {
        fn leave(&self) {
            self.close();
        }
    }

    fn text(delivery: Option<Delivery>) -> String {
        match delivery {
            Some(Delivery::Message(message)) => String::from_utf8(message.payload.to_vec()).unwrap(),
            Some(Delivery::Lagged(count)) => format!("lagged {count}"),
            Some(Delivery::Reconnected) => "reconnected".into(),
            None => "end".into(),
        }
    }

    #[tokio::test]
    async fn the_oldest_go_first_and_the_reader_is_told() {
        let queue = Queue::new(2);
        let mut reader = Subscription::new(queue.clone(), Box::new(queue.clone()));
        for n in 1..=5 {
            queue.push(Message::new("a", n.to_string()));
        }
        assert_eq!(reader.waiting(), 2);
        assert_eq!(text(reader.next().await), "lagged 3");
        assert_eq!(text(reader.next().await), "4");
        assert_eq!(text(reader.next().await), "5");
        assert!(reader.try_next().is_none());
        queue.push(Message::new("a", "6"));
        reader.leave();
        queue.push(Message::new("a", "too late"));
        assert_eq!(text(reader.next().await), "6");
        assert_eq!(text(reader.next().await), "end");
        assert_eq!(text(reader.next().await), "end");
    }

    #[tokio::test]
    async fn bytes_are_bounded_too() {
        let queue = Queue::new(usize::MAX);
        let mut reader = Subscription::new(queue.clone(), Box::new(queue.clone()));
        let big = bytes::Bytes::from(vec![0; SUBSCRIPTION_BYTES / 4]);
        for _ in 0..6 {
            queue.push(Message::new("a", big.clone()));
        }
        assert_eq!(reader.waiting(), 4);
        assert_eq!(text(reader.next().await), "lagged 2");
    }
}
