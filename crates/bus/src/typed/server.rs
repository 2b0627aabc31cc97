//! The answering end: as many at a time as agreed, the others are told so at once.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use switchboard_faults::{self as faults, Point};
use switchboard_wire::call::Request;
use switchboard_wire::{Call, Credential, Failure, Problem};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};

use super::codec::{answer, deadline, read_call, write_reply};
use crate::error::BusError;
use crate::message::Message;
use crate::port::Bus;
use crate::subscription::{Delivery, Subscription};

/// Deadline of a request that does not say one.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(10);

/// How long the bus may take to end a subscription.
const LEAVE: Duration = Duration::from_secs(1);

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Subject, headers and payload.
    pub message: Message,
    /// When the asker stops waiting.
    pub until: Instant,
}

/// What is answered: bytes, or a failure in their place.
pub type Answer = Result<Bytes, Failure>;

// Handlers are boxed where they come in: there are as many as calls, and the loop around them is compiled once.
type Taking = Box<dyn Fn(Message) -> BoxFuture<'static, ()> + Send + Sync>;
type Refusing = Box<dyn Fn(&Message) -> Option<Message> + Send + Sync>;
type Answering = Box<dyn Fn(Incoming) -> BoxFuture<'static, Answer> + Send + Sync>;

/// Something that answers requests. Dropping it ends the taking of new ones; those in hand are finished, and
/// never cancelled half-way.
#[derive(Debug)]
pub struct Server {
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Server {
    /// Takes no new requests, and waits until those in hand are answered. `false` when some were still at
    /// work after `deadline`; they go on.
    pub async fn drain(self, deadline: Duration) -> bool {
        drop(self.stop);
        timeout(deadline, self.running).await.is_ok()
    }
}

/// Takes requests on `subject`: `handler` makes the message that answers one, in a task of its own and under one
/// permit of `limit`, which several servers may share. When there is no permit left, `refuse` answers at once
/// instead. Replies are sent as they are, so that any protocol can be spoken; see [`serve`] for ours.
///
/// # Errors
/// What [`Bus::subscribe`] refuses.
pub async fn serve_messages<H, F, R>(
    bus: Arc<dyn Bus>,
    subject: &str,
    group: Option<&str>,
    limit: Arc<Semaphore>,
    handler: H,
    refuse: R,
) -> Result<Server, BusError>
where
    H: Fn(Message) -> F + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
    R: Fn(&Message) -> Option<Message> + Send + Sync + 'static,
{
    let handler: Taking = Box::new(move |message| Box::pin(handler(message)));
    start(bus, subject, group, limit, handler, Box::new(refuse)).await
}

async fn start(
    bus: Arc<dyn Bus>,
    subject: &str,
    group: Option<&str>,
    limit: Arc<Semaphore>,
    handler: Taking,
    refuse: Refusing,
) -> Result<Server, BusError> {
    let requests = bus.subscribe(subject, group).await?;
    let (stop, stopped) = oneshot::channel();
    let running = tokio::spawn(Work { bus, limit, handler, refuse }.run(requests, stopped));
    Ok(Server { stop, running })
}

/// Answers requests on `subject` with `handler`, as [`serve_messages`] does. Who finds no permit is told to
/// come back later ([`Problem::Unavailable`] with `retry_after_ms`); a handler that panics answers
/// [`Problem::Internal`].
///
/// # Errors
/// What [`Bus::subscribe`] refuses.
pub async fn serve<H, F>(
    bus: Arc<dyn Bus>,
    subject: &str,
    group: Option<&str>,
    limit: Arc<Semaphore>,
    handler: H,
) -> Result<Server, BusError>
where
    H: Fn(Incoming) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    answer_all(bus, subject, group, limit, Box::new(move |incoming| Box::pin(handler(incoming)))).await
}

async fn answer_all(
    bus: Arc<dyn Bus>,
    subject: &str,
    group: Option<&str>,
    limit: Arc<Semaphore>,
    handler: Answering,
) -> Result<Server, BusError> {
    let replying = Arc::clone(&bus);
    let answering = move |message: Message| -> BoxFuture<'static, ()> {
        let until = Instant::now() + deadline(&message).unwrap_or(DEFAULT_DEADLINE);
        let reply = message.reply.clone();
        let work = handler(Incoming { message, until });
        let bus = Arc::clone(&replying);
        Box::pin(async move {
            let result = AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
                tracing::error!("a handler panicked");
                Err(Failure::new(Problem::Internal, "something broke on our side; it is in the log"))
            });
            if let Some(reply) = reply {
                faults::at(Point::BusAnswerBefore);
                send(&*bus, &reply, result).await;
                faults::at(Point::BusAnswerAfter);
            }
        })
    };
    let busy = |message: &Message| {
        let failure = Failure::unavailable("too much to do at the moment; try again shortly");
        message.reply.as_deref().map(|reply| answer(reply, Err(failure)))
    };
    start(bus, subject, group, limit, Box::new(answering), Box::new(busy)).await
}

/// Answers calls of one kind. What cannot be read as the call is answered with [`Problem::BadRequest`].
///
/// # Errors
/// What [`Bus::subscribe`] refuses.
pub async fn serve_calls<C, H, F>(
    bus: Arc<dyn Bus>,
    subject: &str,
    group: Option<&str>,
    limit: Arc<Semaphore>,
    handler: H,
) -> Result<Server, BusError>
where
    C: Call,
    H: Fn(Credential, C, Instant) -> F + Send + Sync + 'static,
    F: Future<Output = Result<C::Reply, Failure>> + Send + 'static,
{
    let handler = Arc::new(handler);
    let typed = move |incoming: Incoming| {
        let handler = Arc::clone(&handler);
        async move {
            let Request { by, call } = read_call::<C>(&incoming)?;
            write_reply::<C>(&handler(by, call, incoming.until).await?)
        }
    };
    serve(bus, subject, group, limit, typed).await
}

/// The loop of one server.
struct Work {
    bus: Arc<dyn Bus>,
    limit: Arc<Semaphore>,
    handler: Taking,
    refuse: Refusing,
}

impl Work {
    async fn run(self, mut requests: Subscription, mut stopped: oneshot::Receiver<()>) {
        let mut in_hand = JoinSet::new();
        let mut leaving = false;
        loop {
            let delivery = tokio::select! {
                biased;
                _ = &mut stopped, if !leaving => {
                    leaving = true;
                    // Those already on their way to us would otherwise wait for their deadlines.
                    requests.leave();
                    continue;
                }
                Some(_) = in_hand.join_next(), if !in_hand.is_empty() => continue,
                delivery = requests.next() => delivery,
                () = sleep(LEAVE), if leaving => break,
            };
            match delivery {
                Some(Delivery::Message(message)) => self.begin(&mut in_hand, message).await,
                Some(Delivery::Lagged(count)) => {
                    tracing::warn!(count, "requests were dropped unread; their askers time out");
                }
                // Their askers know that the bus was away.
                Some(Delivery::Reconnected) => {}
                None => break,
            }
        }
        drop(requests);
        // After this nobody is sent here any more. A bus that is away sends nobody either.
        if let Err(problem) = self.bus.flush(LEAVE).await {
            tracing::debug!(%problem, "leaving was not confirmed");
        }
        while in_hand.join_next().await.is_some() {}
    }

    async fn begin(&self, in_hand: &mut JoinSet<()>, message: Message) {
        if let Ok(permit) = Arc::clone(&self.limit).try_acquire_owned() {
            let work = (self.handler)(message);
            in_hand.spawn(async move {
                let _permit: OwnedSemaphorePermit = permit;
                work.await;
            });
            return;
        }
        metrics::counter!("switchboard_bus_busy_total").increment(1);
        if let Some(refusal) = (self.refuse)(&message)
            && let Err(problem) = self.bus.publish(refusal).await
        {
            tracing::debug!(%problem, "a refusal could not be sent");
        }
    }
}

async fn send(bus: &dyn Bus, reply: &str, result: Answer) {
    match bus.publish(answer(reply, result)).await {
        Ok(()) => {}
        Err(problem @ BusError::TooLarge { .. }) => {
            tracing::error!(%problem, "an answer is too large");
            let failure = Failure::new(Problem::Internal, "the answer is too large for the bus");
            if let Err(problem) = bus.publish(answer(reply, Err(failure))).await {
                tracing::debug!(%problem, "an answer could not be sent");
            }
        }
        Err(problem) => tracing::debug!(%problem, "an answer could not be sent"),
    }
}
