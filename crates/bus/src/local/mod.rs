//! The bus inside one process.

mod trie;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{BoxFuture, FutureExt as _, ready};
use tokio::sync::watch;

use crate::error::BusError;
use crate::message::{Headers, Message, STATUS_NO_RESPONDERS};
use crate::port::{Bus, BusState};
use crate::subject::{Subject, check_pattern, check_subject};
use crate::subscription::{self, Queue, Subscription};
use trie::Trie;

/// The bus inside one process. Clones are the same connection; [`Local::connect`] makes another one to the
/// same bus.
#[derive(Clone)]
pub struct Local {
    exchange: Arc<Exchange>,
    connection: u64,
    no_echo: bool,
    state: watch::Receiver<BusState>,
}

/// What all connections share.
struct Exchange {
    interests: RwLock<Trie<Interest>>,
    next: AtomicU64,
    // Kept so that receivers stay open.
    state: watch::Sender<BusState>,
}

struct Interest {
    id: u64,
    connection: u64,
    no_echo: bool,
    group: Option<Box<str>>,
    queue: Arc<Queue>,
}

impl Local {
    /// A new bus and the first connection to it, which hears itself.
    #[must_use]
    pub fn new() -> Self {
        let (state, receiver) = watch::channel(BusState { connected: true, connections: 1 });
        let exchange = Exchange { interests: RwLock::default(), next: AtomicU64::new(1), state };
        Self { exchange: Arc::new(exchange), connection: 0, no_echo: false, state: receiver }
    }

    /// Another connection to the same bus. With `no_echo` its own subscriptions do not receive what it
    /// publishes.
    #[must_use]
    pub fn connect(&self, no_echo: bool) -> Self {
        Self {
            exchange: Arc::clone(&self.exchange),
            connection: self.exchange.number(),
            no_echo,
            state: self.exchange.state.subscribe(),
        }
    }

    fn deliver(&self, message: Message) {
        let interests = self.exchange.interests.read().unwrap_or_else(PoisonError::into_inner);
        let mut direct: Vec<&Interest> = Vec::new();
        let mut groups: Vec<(&str, Vec<&Interest>)> = Vec::new();
        interests.visit(&message.subject, &mut |interest| {
            if interest.no_echo && interest.connection == self.connection {
                return;
            }
            match interest.group.as_deref() {
                None => direct.push(interest),
                Some(name) => match groups.iter_mut().find(|(have, _)| *have == name) {
                    Some((_, members)) => members.push(interest),
                    None => groups.push((name, vec![interest])),
                },
            }
        });
        for (_, members) in &groups {
            direct.extend(members.get(self.exchange.pick(members.len())));
        }
        match (direct.split_last(), &message.reply) {
            (Some((last, others)), _) => {
                for interest in others {
                    interest.queue.push(message.clone());
                }
                last.queue.push(message);
            }
            (None, Some(reply)) if message.status.is_none() => {
                let nobody = Message {
                    subject: Arc::clone(reply),
                    reply: None,
                    headers: Headers::default(),
                    status: Some(STATUS_NO_RESPONDERS),
                    payload: Bytes::new(),
                };
                drop(interests);
                // The asker hears this whether it wants its own echo or not: it comes from the bus.
                Self { no_echo: false, connection: u64::MAX, ..self.clone() }.deliver(nobody);
            }
            (None, _) => {}
        }
    }
}

impl Default for Local {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local").field("connection", &self.connection).finish_non_exhaustive()
    }
}

impl Exchange {
    fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// One of `count`, spread evenly by Fibonacci hashing: counting alone would always pick the same member
    /// where something else counts along in step.
    fn pick(&self, count: usize) -> usize {
        let spread = self.number().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        usize::try_from(spread).unwrap_or(0) % count.max(1)
    }
}

impl Bus for Local {
    fn publish(&self, mut message: Message) -> BoxFuture<'_, Result<(), BusError>> {
        let result = message.check().map(|()| {
            message.status = None;
            self.deliver(message);
        });
        ready(result).boxed()
    }

    fn subscribe_bounded<'a>(
        &'a self,
        pattern: &'a str,
        group: Option<&'a str>,
        capacity: usize,
    ) -> BoxFuture<'a, Result<Subscription, BusError>> {
        let result = check_pattern(pattern).and_then(|()| group.map_or(Ok(()), check_subject)).map(|()| {
            let (id, queue) = (self.exchange.number(), Queue::new(capacity));
            let interest = Interest {
                id,
                connection: self.connection,
                no_echo: self.no_echo,
                group: group.map(Into::into),
                queue: Arc::clone(&queue),
            };
            let mut interests = self.exchange.interests.write().unwrap_or_else(PoisonError::into_inner);
            interests.insert(pattern, interest);
            let place = Place {
                exchange: Arc::clone(&self.exchange),
                pattern: pattern.into(),
                id,
                queue: Arc::clone(&queue),
            };
            Subscription::new(queue, Box::new(place))
        });
        ready(result).boxed()
    }

    fn state(&self) -> watch::Receiver<BusState> {
        self.state.clone()
    }

    fn flush(&self, _deadline: Duration) -> BoxFuture<'_, Result<(), BusError>> {
        // Delivery happens inside publish, so there is nothing to wait for.
        ready(Ok(())).boxed()
    }

    fn new_inbox(&self) -> Subject {
        format!("_INBOX.local.{}", self.exchange.number()).into()
    }
}

/// The place of one subscription in the tree.
struct Place {
    exchange: Arc<Exchange>,
    pattern: Box<str>,
    id: u64,
    queue: Arc<Queue>,
}

impl Place {
    fn vacate(&self) {
        let mut interests = self.exchange.interests.write().unwrap_or_else(PoisonError::into_inner);
        interests.remove(&self.pattern, &|interest| interest.id == self.id);
    }
}

impl subscription::Interest for Place {
    fn leave(&self) {
        self.vacate();
        self.queue.close();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.vacate();
    }
}
