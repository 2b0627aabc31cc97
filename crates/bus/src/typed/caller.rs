//! The calling end: one inbox for the replies to all requests of a component.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use switchboard_wire::{Call, Credential, Failure, subject};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::codec::{DEADLINE_HEADER, read_reply, write_call};
use super::inbox::Inbox;
use super::request_error::RequestError;
use crate::error::BusError;
use crate::limits::{CALLS_IN_FLIGHT, INBOX_FRAMES};
use crate::message::Message;
use crate::port::{Bus, BusState};
use crate::subscription::{Interest, Queue, Subscription};

/// Makes requests. Clones share one subscription for the replies.
#[derive(Clone)]
pub struct Caller {
    bus: Arc<dyn Bus>,
    inbox: Arc<str>,
    pending: Arc<Pending>,
    reading: Arc<Reading>,
}

impl Caller {
    /// Subscribes for replies. The bus may be away still.
    ///
    /// # Errors
    /// What [`Bus::subscribe`] refuses.
    pub async fn new(bus: Arc<dyn Bus>) -> Result<Self, BusError> {
        let inbox = bus.new_inbox();
        let replies = bus.subscribe_bounded(&format!("{inbox}.*"), None, CALLS_IN_FLIGHT).await?;
        let pending = Arc::new(Pending::default());
        let reading = tokio::spawn(read(replies, bus.state(), Arc::clone(&pending)));
        Ok(Self { bus, inbox, pending, reading: Arc::new(Reading(reading)) })
    }

    /// The bus underneath.
    #[must_use]
    pub fn bus(&self) -> &Arc<dyn Bus> {
        &self.bus
    }

    /// Makes a call to whichever dbmgr is free.
    ///
    /// # Errors
    /// What the call answers; [`switchboard_wire::Problem::Unavailable`] when nobody is there, the bus is
    /// away, or no answer came in time: then it may have been carried out all the same.
    pub async fn call<C: Call>(
        &self,
        by: &Credential,
        call: &C,
        deadline: Duration,
    ) -> Result<C::Reply, Failure> {
        self.call_at(&subject::call(C::NAME), by, call, deadline).await
    }

    /// Makes a call to who listens on `subject`.
    ///
    /// # Errors
    /// As [`Caller::call`].
    pub async fn call_at<C: Call>(
        &self,
        subject: &str,
        by: &Credential,
        call: &C,
        deadline: Duration,
    ) -> Result<C::Reply, Failure> {
        let payload = write_call(by, call)?;
        read_reply::<C>(&self.exchange(subject, payload, deadline).await?)
    }

    /// Sends bytes and waits for one reply. When the returned future is dropped, the reply is forgotten.
    ///
    /// # Errors
    /// [`RequestError`]
    pub async fn request(
        &self,
        subject: &str,
        payload: impl Into<Bytes>,
        deadline: Duration,
    ) -> Result<Message, RequestError> {
        self.exchange(subject, payload.into(), deadline).await
    }

    /// Boxed, so that it is compiled once and not into every call.
    fn exchange<'a>(
        &'a self,
        subject: &'a str,
        payload: Bytes,
        deadline: Duration,
    ) -> BoxFuture<'a, Result<Message, RequestError>> {
        Box::pin(async move {
            let (sender, receiver) = oneshot::channel();
            let place = self.pending.add(Waiter::One(sender))?;
            let message = Message::new(subject, payload)
                .reply_to(self.reply_subject(place.number))
                .header(DEADLINE_HEADER, deadline.as_millis().to_string());
            let exchange = async {
                self.bus.publish(message).await?;
                // A dropped sender: the connection broke, and the reply with it.
                receiver.await.map_err(|_| RequestError::Lost)
            };
            let reply = timeout(deadline, exchange).await.map_err(|_| RequestError::Timeout(deadline))??;
            if reply.is_no_responders() { Err(RequestError::NoResponders) } else { Ok(reply) }
        })
    }

    /// A reply subject of its own, for several replies or several attempts.
    ///
    /// # Errors
    /// [`RequestError::TooManyInFlight`]
    pub fn inbox(&self) -> Result<Inbox, RequestError> {
        let queue = Queue::new(INBOX_FRAMES);
        let place = self.pending.add(Waiter::Many(Arc::clone(&queue)))?;
        let reply = self.reply_subject(place.number);
        // The inbox keeps the reading alive even when every caller is gone.
        let interest =
            Box::new(Kept { place, queue: Arc::clone(&queue), _reading: Arc::clone(&self.reading) });
        Ok(Inbox::new(Arc::clone(&self.bus), reply.into(), Subscription::new(queue, interest)))
    }

    /// How many requests and inboxes wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.pending.lock().len()
    }

    fn reply_subject(&self, number: u64) -> String {
        format!("{}.{number:x}", self.inbox)
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").field("inbox", &self.inbox).finish_non_exhaustive()
    }
}

enum Waiter {
    One(oneshot::Sender<Message>),
    Many(Arc<Queue>),
}

/// Who waits for which reply.
#[derive(Default)]
struct Pending {
    waiters: Mutex<HashMap<u64, Waiter>>,
    next: AtomicU64,
}

impl Pending {
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Waiter>> {
        self.waiters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(self: &Arc<Self>, waiter: Waiter) -> Result<Place, RequestError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut waiters = self.lock();
        if waiters.len() >= CALLS_IN_FLIGHT {
            return Err(RequestError::TooManyInFlight);
        }
        waiters.insert(number, waiter);
        drop(waiters);
        Ok(Place { pending: Arc::clone(self), number })
    }

    fn deliver(&self, reply: Message) {
        let number = reply.subject.rsplit('.').next().and_then(|token| u64::from_str_radix(token, 16).ok());
        let Some(number) = number else { return };
        let mut waiters = self.lock();
        match waiters.get(&number) {
            Some(Waiter::Many(queue)) => queue.push(reply),
            Some(Waiter::One(_)) => {
                if let Some(Waiter::One(sender)) = waiters.remove(&number) {
                    // The caller may have given up this moment.
                    let _ = sender.send(reply);
                }
            }
            None => {}
        }
    }

    /// Single replies that were under way are lost with the connection; inboxes go on by their deadlines.
    fn lose(&self) {
        self.lock().retain(|_, waiter| matches!(waiter, Waiter::Many(_)));
    }
}

/// A place among those who wait, given up on drop.
struct Place {
    pending: Arc<Pending>,
    number: u64,
}

impl Place {
    fn vacate(&self) {
        self.pending.lock().remove(&self.number);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.vacate();
    }
}

/// An inbox's place, with the reading that it needs.
struct Kept {
    place: Place,
    queue: Arc<Queue>,
    _reading: Arc<Reading>,
}

impl Interest for Kept {
    fn leave(&self) {
        self.place.vacate();
        self.queue.close();
    }
}

struct Reading(JoinHandle<()>);

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Whether replies were lost between these two. A connection may come, take requests and go before it was ever called
/// connected: then only the number of the next one tells.
fn breaks(was: BusState, now: BusState) -> bool {
    let another = was.connections != 0 && now.connections != was.connections;
    (was.connected && !now.connected) || another
}

async fn read(
    mut replies: Subscription,
    mut state: tokio::sync::watch::Receiver<BusState>,
    pending: Arc<Pending>,
) {
    let mut was = *state.borrow_and_update();
    let mut watching = true;
    loop {
        tokio::select! {
            reply = replies.next_message() => match reply {
                Some(reply) => pending.deliver(reply),
                None => break,
            },
            changed = state.changed(), if watching => {
                watching = changed.is_ok();
                let now = *state.borrow_and_update();
                if breaks(was, now) {
                    pending.lose();
                }
                was = now;
            }
        }
    }
    pending.lose();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_on_a_connection_that_never_settled_is_lost_with_it() {
        let state = |connected, connections| BusState { connected, connections };
        assert!(breaks(state(true, 1), state(false, 1)));
        assert!(breaks(state(true, 1), state(true, 2)));
        assert!(breaks(state(false, 1), state(true, 3)), "the second came and went unseen");
        assert!(!breaks(state(false, 0), state(true, 1)), "nothing was asked before the first");
        assert!(!breaks(state(true, 2), state(true, 2)));
    }
}
