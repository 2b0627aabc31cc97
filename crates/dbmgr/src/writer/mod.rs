//! The group-commit writer: messages and notes are committed together with whatever else has arrived, so that the
//! cost of a durable commit is shared. A batch takes what waits and never waits to fill.

mod batch;
mod item;
mod lane;

use crate::limits;
use crate::metric;
use crate::shared::Shared;
use item::Item;
use std::sync::Arc;
use switchboard_domain::limits::BATCH_ROWS;
use switchboard_storage::Dialect;
use switchboard_wire::call::append::{Append, Appended};
use switchboard_wire::subject;
use switchboard_wire::{Failure, Problem};
use tokio::sync::{mpsc, oneshot};

/// What is answered to one append.
pub(crate) type Answer = Result<Appended, Failure>;

/// The way to the writer's lanes. They end when it is dropped, after what waits is committed.
#[derive(Debug)]
pub(crate) struct Writer {
    lanes: Vec<mpsc::Sender<Item>>,
}

impl Writer {
    /// Starts the lanes: one on SQLite, which has one writer anyway.
    pub(crate) fn start(shared: &Arc<Shared>) -> Self {
        let count = match shared.store.dialect() {
            Dialect::Sqlite => 1,
            Dialect::MySql => limits::MYSQL_LANES,
        };
        let lanes = (0..count).map(|_| {
            let (lane, waiting) = mpsc::channel(limits::APPEND_QUEUE);
            tokio::spawn(lane::run(Arc::clone(shared), waiting));
            lane
        });
        Self { lanes: lanes.collect() }
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
        let mut lanes: Vec<Vec<Item>> = self.lanes.iter().map(|_| Vec::new()).collect();
        let mut waiting = Vec::with_capacity(appends.len());
        for append in appends {
            let (done, answer) = oneshot::channel();
            waiting.push(Item::read(append, done).map(|item| {
                let lane = subject::hash(item.conversation.as_str()) as usize % lanes.len();
                lanes[lane].push(item);
                answer
            }));
        }
        for (lane, items) in self.lanes.iter().zip(lanes).filter(|(_, items)| !items.is_empty()) {
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
