//! The answering end: as many at a time as agreed, the others are told so at once.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use switchboard_wire::call::Request;
use switchboard_wire::{Call, Credential, Failure, Problem};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, timeout};

use super::codec::{answer, deadline, encode};
use crate::error::BusError;
use crate::message::Message;
use crate::port::Bus;
use crate::subscription::{Delivery, Subscription};

/// Deadline of a request that does not say one.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(10);

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

/// Answers requests on `subject` with `handler`. Each runs in a task of its own under one permit of `limit`,
/// which several servers may share. When there is none left, the asker is told at once to come back later
/// ([`Problem::Unavailable`] with `retry_after_ms`). A handler that panics answers [`Problem::Internal`].
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
    let requests = bus.subscribe(subject, group).await?;
    let (stop, stopped) = oneshot::channel();
    let running = tokio::spawn(work(bus, requests, limit, handler, stopped));
    Ok(Server { stop, running })
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
            let Request { by, call } = serde_json::from_slice::<Request<C>>(&incoming.message.payload)
                .map_err(|problem| {
                    Failure::new(Problem::BadRequest, format!("{} cannot be read: {problem}", C::NAME))
                })?;
            encode(&handler(by, call, incoming.until).await?)
        }
    };
    serve(bus, subject, group, limit, typed).await
}

async fn work<H, F>(
    bus: Arc<dyn Bus>,
    mut requests: Subscription,
    limit: Arc<Semaphore>,
    handler: H,
    mut stopped: oneshot::Receiver<()>,
) where
    H: Fn(Incoming) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let mut in_hand = JoinSet::new();
    loop {
        let delivery = tokio::select! {
            biased;
            _ = &mut stopped => break,
            Some(_) = in_hand.join_next(), if !in_hand.is_empty() => continue,
            delivery = requests.next() => delivery,
        };
        match delivery {
            Some(Delivery::Message(message)) => {
                begin(&bus, &limit, &handler, &mut in_hand, message).await;
            }
            Some(Delivery::Lagged(count)) => {
                tracing::warn!(count, "requests were dropped unread; their askers time out");
            }
            None => break,
        }
    }
    // Those already handed to us would otherwise wait for their deadlines.
    while let Some(delivery) = requests.try_next() {
        if let Delivery::Message(message) = delivery {
            begin(&bus, &limit, &handler, &mut in_hand, message).await;
        }
    }
    drop(requests);
    while in_hand.join_next().await.is_some() {}
}

async fn begin<H, F>(
    bus: &Arc<dyn Bus>,
    limit: &Arc<Semaphore>,
    handler: &H,
    in_hand: &mut JoinSet<()>,
    message: Message,
) where
    H: Fn(Incoming) -> F,
    F: Future<Output = Answer> + Send + 'static,
{
    let Ok(permit) = Arc::clone(limit).try_acquire_owned() else {
        metrics::counter!("switchboard_bus_busy_total").increment(1);
        if let Some(reply) = &message.reply {
            let busy = Failure::unavailable("too much to do at the moment; try again shortly");
            send(&**bus, reply, Err(busy)).await;
        }
        return;
    };
    let until = Instant::now() + deadline(&message).unwrap_or(DEFAULT_DEADLINE);
    let reply = message.reply.clone();
    let answering = handler(Incoming { message, until });
    let bus = Arc::clone(bus);
    in_hand.spawn(async move {
        let _permit: OwnedSemaphorePermit = permit;
        let result = AssertUnwindSafe(answering).catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!("a handler panicked");
            Err(Failure::new(Problem::Internal, "something broke on our side; it is in the log"))
        });
        if let Some(reply) = reply {
            send(&*bus, &reply, result).await;
        }
    });
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
