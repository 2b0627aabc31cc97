//! The bus over NATS.

mod convert;
mod monitor;
mod options;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use async_nats::client::traits::Publisher as _;
use async_nats::client::{PublishErrorKind, SubscribeErrorKind};
use async_nats::connection::State;
use async_nats::{Client, Event, Subscriber};
use futures_util::StreamExt as _;
use futures_util::future::{BoxFuture, FutureExt as _};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::error::BusError;
use crate::limits::{NATS_SETTLE, NATS_STALL, PUBLISH_WAIT};
use crate::message::Message;
use crate::port::{Bus, BusState};
use crate::subject::{Subject, check_pattern, check_subject};
use crate::subscription::{Interest, Queue, Subscription};
pub use options::NatsOptions;

/// One connection to NATS, which is tried again for ever. Clones share it. When the last one goes, what is not
/// sent yet is lost: [`Bus::flush`] first.
#[derive(Clone)]
pub struct Nats {
    client: Client,
    shared: Arc<Shared>,
    state: watch::Receiver<BusState>,
    _monitor: Arc<Task>,
}

/// What the client's events, the pumps and the handles all touch.
#[derive(Default)]
struct Shared {
    changed: Notify,
    queues: Mutex<Vec<Weak<Queue>>>,
    trouble: Mutex<Option<String>>,
}

/// A task that ends with what it serves.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Nats {
    /// Starts to connect and returns at once; [`Bus::state`] says when it is connected.
    ///
    /// # Errors
    /// [`BusError::Setup`] when the options can never work (address, unreadable files).
    pub async fn start(options: NatsOptions) -> Result<Self, BusError> {
        let shared = Arc::new(Shared::default());
        let events = Arc::downgrade(&shared);
        let client = options
            .client()
            .await?
            .event_callback(move |event| {
                if let Some(shared) = events.upgrade() {
                    shared.heard(&event);
                }
                std::future::ready(())
            })
            .connect(options.servers()?)
            .await
            .map_err(|problem| BusError::Setup(problem.to_string()))?;
        let (sender, state) = watch::channel(BusState { connected: false, connections: 0 });
        let watching = monitor::run(client.clone(), Arc::clone(&shared), sender);
        let monitor = Arc::new(Task(tokio::spawn(watching)));
        Ok(Self { client, shared, state, _monitor: monitor })
    }

    /// The last thing that went wrong with the connection, for people: set while it is away.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.shared.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for Nats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nats").field("state", &*self.state.borrow()).finish_non_exhaustive()
    }
}

impl Shared {
    fn heard(&self, event: &Event) {
        match event {
            // The client does not say which subscription of ours it was, so all are told to repair.
            Event::SlowConsumer(_) => self.every_queue(|queue| queue.lost(1)),
            Event::Connected => *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = None,
            Event::ServerError(_) | Event::ClientError(_) => {
                let trouble = event.to_string();
                tracing::warn!(%trouble, "NATS");
                *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(trouble);
            }
            _ => {}
        }
        self.changed.notify_one();
    }

    fn every_queue(&self, tell: impl Fn(&Queue)) {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        queues.retain(|queue| match queue.upgrade() {
            Some(queue) => {
                tell(&queue);
                true
            }
            None => false,
        });
    }

    fn remember(&self, queue: &Arc<Queue>) {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if queues.len() == queues.capacity() {
            queues.retain(|queue| queue.strong_count() > 0);
        }
        queues.push(Arc::downgrade(queue));
    }
}

impl Bus for Nats {
    fn publish(&self, message: Message) -> BoxFuture<'_, Result<(), BusError>> {
        async move {
            message.check()?;
            // Otherwise it would wait in the client until the server is back, and be sent when nobody
            // wants it any more.
            if self.client.connection_state() != State::Connected {
                return Err(BusError::Disconnected);
            }
            match timeout(PUBLISH_WAIT, self.client.publish_message(convert::outbound(&message))).await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(problem)) => Err(match problem.kind() {
                    PublishErrorKind::MaxPayloadExceeded => {
                        BusError::TooLarge { size: message.size(), limit: self.client.max_payload() }
                    }
                    PublishErrorKind::InvalidSubject => BusError::BadSubject(message.subject.to_string()),
                    PublishErrorKind::Send => BusError::Closed,
                }),
                Err(_) => Err(BusError::Congested(PUBLISH_WAIT)),
            }
        }
        .boxed()
    }

    fn subscribe_bounded<'a>(
        &'a self,
        pattern: &'a str,
        group: Option<&'a str>,
        capacity: usize,
    ) -> BoxFuture<'a, Result<Subscription, BusError>> {
        async move {
            check_pattern(pattern)?;
            group.map_or(Ok(()), check_subject)?;
            let subscribing = async {
                match group {
                    Some(group) => self.client.queue_subscribe(pattern.to_owned(), group.to_owned()).await,
                    None => self.client.subscribe(pattern.to_owned()).await,
                }
            };
            let incoming = match timeout(PUBLISH_WAIT, subscribing).await {
                Ok(Ok(incoming)) => incoming,
                Ok(Err(problem)) => {
                    return Err(match problem.kind() {
                        SubscribeErrorKind::InvalidSubject | SubscribeErrorKind::InvalidQueueName => {
                            BusError::BadSubject(pattern.to_owned())
                        }
                        SubscribeErrorKind::Other => BusError::Closed,
                    });
                }
                Err(_) => return Err(BusError::Congested(PUBLISH_WAIT)),
            };
            let queue = Queue::new(capacity);
            self.shared.remember(&queue);
            let leaving = Arc::new(Notify::new());
            let pumping = tokio::spawn(pump(incoming, Arc::clone(&queue), Arc::clone(&leaving)));
            // Whoever stops waiting here leaves nobody behind at the server.
            let subscription =
                Subscription::new(Arc::clone(&queue), Box::new(Pump { _task: Task(pumping), leaving }));
            if let Err(BusError::Timeout(_)) = self.flush(NATS_SETTLE).await {
                tracing::debug!(pattern, "NATS did not confirm the subscription");
                tokio::spawn(confirm_late(self.client.clone(), Arc::downgrade(&queue)));
            }
            Ok(subscription)
        }
        .boxed()
    }

    fn state(&self) -> watch::Receiver<BusState> {
        self.state.clone()
    }

    fn flush(&self, deadline: Duration) -> BoxFuture<'_, Result<(), BusError>> {
        async move {
            if self.client.connection_state() != State::Connected {
                return Err(BusError::Disconnected);
            }
            match timeout(deadline, monitor::round_trip(&self.client)).await {
                Ok(Some(())) => Ok(()),
                Ok(None) => Err(BusError::Closed),
                Err(_) => Err(BusError::Timeout(deadline)),
            }
        }
        .boxed()
    }

    fn new_inbox(&self) -> Subject {
        self.client.new_inbox().into()
    }
}

/// A server that has stalled goes on: what it did not bring until then is reported as missed.
async fn confirm_late(client: Client, queue: Weak<Queue>) {
    // A connection that is given up meanwhile takes this round trip with it, and reports for itself.
    let _ = timeout(NATS_STALL, monitor::round_trip(&client)).await;
    if let Some(queue) = queue.upgrade() {
        queue.reconnected();
    }
}

/// The task that brings messages from the client to one queue.
struct Pump {
    _task: Task,
    leaving: Arc<Notify>,
}

impl Interest for Pump {
    fn leave(&self) {
        self.leaving.notify_one();
    }
}

async fn pump(mut incoming: Subscriber, queue: Arc<Queue>, leaving: Arc<Notify>) {
    let mut asked_to_leave = false;
    loop {
        tokio::select! {
            message = incoming.next() => match message {
                Some(message) => queue.push(convert::inbound(message)),
                None => break,
            },
            () = leaving.notified(), if !asked_to_leave => {
                asked_to_leave = true;
                // The stream ends behind what has come so far; the client drops the rest. While the server is
                // away nothing comes, so there is nothing to wait for.
                if timeout(PUBLISH_WAIT, incoming.drain()).await.map_or(true, |sent| sent.is_err()) {
                    break;
                }
            }
        }
    }
    queue.close();
}
