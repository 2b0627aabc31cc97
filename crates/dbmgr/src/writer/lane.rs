//! One lane: batch after batch, each run until its outcome is known.

use super::Answer;
use super::batch::{self, Runs};
use super::item::Item;
use crate::halt;
use crate::limits;
use crate::metric;
use crate::shared::Shared;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use switchboard_domain::limits::BATCH_ROWS;
use switchboard_faults::{self as faults, Mutant, Point};
use switchboard_storage::Error;
use switchboard_wire::Failure;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Commits what waits until nobody can send any more.
pub(super) async fn run(shared: Arc<Shared>, mut waiting: mpsc::Receiver<Item>) {
    let mut items = Vec::with_capacity(BATCH_ROWS);
    while waiting.recv_many(&mut items, BATCH_ROWS).await > 0 {
        if faults::broken(Mutant::BatchReversed) {
            items.reverse();
        }
        let (fresh, late): (Vec<Item>, Vec<Item>) =
            items.drain(..).partition(|item| item.arrived.elapsed() < limits::APPEND_WAIT);
        for item in late {
            item.answer(Err(Failure::unavailable("it waited too long and was not stored; try again")));
        }
        if !fresh.is_empty() {
            metrics::histogram!(metric::BATCH_ROWS).record(fresh.len() as f64);
            commit(&shared, fresh).await;
        }
    }
}

/// Commits a batch and answers all who wait for it.
async fn commit(shared: &Arc<Shared>, items: Vec<Item>) {
    let answers = settle(shared, &items).await;
    let now = Instant::now();
    faults::at(Point::AppendAnswerBefore);
    for (item, answer) in items.into_iter().zip(answers) {
        if answer.is_ok() {
            let took = now.duration_since(item.arrived).as_secs_f64();
            metrics::histogram!(metric::COMMIT_SECONDS).record(took);
        }
        item.answer(answer);
    }
    faults::at(Point::AppendAnswerAfter);
}

/// Runs a batch until its outcome is known, or says honestly that it is not.
fn settle<'a>(shared: &'a Arc<Shared>, items: &'a [Item]) -> BoxFuture<'a, Vec<Answer>> {
    Box::pin(async move {
        let mut runs = Runs::default();
        let error = loop {
            let error = match batch::commit(shared, items, &mut runs).await {
                Ok(answers) => return answers,
                Err(error) => error,
            };
            runs.count += 1;
            runs.unknown |= matches!(error, Error::CommitUnknown(_));
            let most = match &error {
                Error::Busy(_) | Error::Deadlock(_) | Error::Conflict(_) => limits::RUNS,
                Error::Unavailable(_) | Error::CommitUnknown(_) if runs.unknown => limits::BATCH_UNKNOWN_RUNS,
                Error::Unavailable(_) => limits::BATCH_RUNS,
                Error::CommitUnknown(_) | Error::Schema(_) | Error::Config(_) | Error::Other(_) => 0,
            };
            if runs.count >= most {
                break error;
            }
            metrics::counter!(metric::RERUNS).increment(1);
            tokio::time::sleep(pause(&error, runs.count)).await;
        };
        // What the database does not take may be one item's fault; the others must not suffer.
        if matches!(error, Error::Other(_) | Error::Conflict(_)) && items.len() > 1 {
            let (first, second) = items.split_at(items.len() / 2);
            let mut answers = settle(shared, first).await;
            answers.extend(settle(shared, second).await);
            return answers;
        }
        let failure = halt::tell(&outcome(error, runs.unknown), "append");
        items.iter().map(|_| Err(failure.clone())).collect()
    })
}

/// After a commit of unknown outcome no later error says that nothing was done.
fn outcome(error: Error, unknown: bool) -> Error {
    if unknown && !matches!(error, Error::CommitUnknown(_)) {
        return Error::CommitUnknown(error.to_string());
    }
    error
}

/// Another transaction ends soon; a database that is away takes longer each time.
fn pause(error: &Error, run: u32) -> Duration {
    if error.is_unavailable() {
        limits::BATCH_PAUSE * 2_u32.saturating_pow(run.saturating_sub(1))
    } else {
        limits::RERUN_PAUSE * run / 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_wire::Problem;

    #[test]
    fn after_an_unknown_commit_nobody_is_told_that_nothing_was_done() {
        let told = |unknown| halt::tell(&outcome(Error::Unavailable("away".into()), unknown), "append");
        assert!(told(false).detail.contains("nothing was done"));
        assert!(!told(true).detail.contains("nothing was done"));
        assert_eq!(told(true).problem, Problem::Unavailable);
    }
}
