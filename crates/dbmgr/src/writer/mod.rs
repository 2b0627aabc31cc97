//! The group-commit writer: messages and notes are committed together with whatever else has arrived, so that the
//! cost of a durable commit is shared. A batch takes what waits and never waits to fill.

mod batch;
mod broken;
mod entrance;
mod files;
mod item;
mod lane;
mod room;

use crate::limits;
use crate::metric;
use crate::shared::Shared;
use item::Item;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use switchboard_domain::limits::BATCH_ROWS;
use switchboard_storage::Dialect;
use switchboard_storage::limits::MYSQL_LANES;
use switchboard_wire::call::append::{Append, Appended};
use switchboard_wire::subject;
use switchboard_wire::{Failure, Problem};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

/// What is answered to one append.
pub(crate) type Answer = Result<Appended, Failure>;

/// The way to the writer's lanes.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    /// None before the start and after the stop.
    lanes: RwLock<Option<Lanes>>,
    /// How many of the next batches find out first what is stored already.
    wary: AtomicU32,
}

type Lanes = Arc<[mpsc::Sender<Item>]>;

/// The lanes at work.
#[derive(Debug)]
pub(crate) struct Running(Vec<JoinHandle<()>>);

impl Writer {
    /// Starts the lanes of `shared.writer`: one on SQLite, which has one writer anyway.
    pub(crate) fn start(shared: &Arc<Shared>) -> Running {
        let count = match shared.store.dialect() {
            Dialect::Sqlite => 1,
            Dialect::MySql => MYSQL_LANES,
        };
        let (lanes, running): (Vec<_>, Vec<_>) = (0..count)
            .map(|_| {
                let (lane, waiting) = mpsc::channel(limits::APPEND_QUEUE);
                (lane, tokio::spawn(lane::run(Arc::clone(shared), waiting)))
            })
            .unzip();
        *shared.writer.lanes.write().unwrap_or_else(PoisonError::into_inner) = Some(lanes.into());
        Running(running)
    }

    /// Whether the batch that begins now should find out first what is stored already.
    fn is_wary(&self) -> bool {
        let less = |left: u32| left.checked_sub(1);
        self.wary.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }

    /// Repeats have been met: more will come.
    fn be_wary(&self) {
        self.wary.store(limits::WARY_BATCHES, Ordering::Relaxed);
    }

    /// Takes nothing more, and waits until what waits is committed, at most until `until`.
    pub(crate) async fn stop(&self, running: Running, until: Instant) {
        self.lanes.write().unwrap_or_else(PoisonError::into_inner).take();
        for lane in running.0 {
            let abort = lane.abort_handle();
            if timeout_at(until, lane).await.is_err() {
                abort.abort();
            }
        }
    }

    /// Appends messages and notes, in this order; each is answered on its own, after the commit.
    pub(crate) async fn append(&self, appends: Vec<Append>) -> Vec<Answer> {
        if appends.len() > BATCH_ROWS {
            let detail = format!("send at most {BATCH_ROWS} at a time");
            let refused = || Err(Failure::new(Problem::TooLarge, detail.clone()));
            return appends.iter().map(|_| refused()).collect();
        }
        let waiting: Vec<Waiting> = self.admit(appends);
        let mut answers = Vec::with_capacity(waiting.len());
        for one in waiting {
            answers.push(match one {
                Ok(answer) => answer.await.unwrap_or_else(|_| Err(stopping())),
                Err(failure) => Err(failure),
            });
        }
        for answer in &answers {
            let result = match answer {
                Ok(appended) if appended.repeated => "repeated",
                Ok(_) => "stored",
                Err(failure) => failure.problem.name(),
            };
            metrics::counter!(metric::APPENDS, "result" => result).increment(1);
        }
        answers
    }

    /// Puts all that can be appended into its lanes, or nothing where there is no room: taking a part would change
    /// the order.
    fn admit(&self, appends: Vec<Append>) -> Vec<Waiting> {
        let Some(lanes) = self.lanes.read().unwrap_or_else(PoisonError::into_inner).clone() else {
            return appends.iter().map(|_| Err(stopping())).collect();
        };
        let mut lists: Vec<Vec<Item>> = lanes.iter().map(|_| Vec::new()).collect();
        let mut waiting = Vec::with_capacity(appends.len());
        for append in appends {
            let (done, answer) = oneshot::channel();
            waiting.push(Item::read(append, done).map(|item| {
                let lane = subject::hash(item.conversation.as_str()) as usize % lists.len();
                lists[lane].push(item);
                answer
            }));
        }
        for (lane, items) in lanes.iter().zip(lists).filter(|(_, items)| !items.is_empty()) {
            match lane.try_reserve_many(items.len()) {
                Ok(places) => places.zip(items).for_each(|(place, item)| place.send(item)),
                Err(refusal) => {
                    let failure = match refusal {
                        mpsc::error::TrySendError::Full(()) => Failure::rate_limited(
                            "more messages arrive than can be stored; try again shortly",
                            limits::APPEND_RETRY_MS,
                        ),
                        mpsc::error::TrySendError::Closed(()) => stopping(),
                    };
                    items.into_iter().for_each(|item| item.answer(Err(failure.clone())));
                }
            }
        }
        waiting
    }
}

type Waiting = Result<oneshot::Receiver<Answer>, Failure>;

fn stopping() -> Failure {
    Failure::unavailable("this server is stopping; try again")
}
