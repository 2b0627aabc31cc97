//! One lane: batch after batch, each run until its outcome is known.

use super::batch::{self, Runs, Verdict};
use super::item::Item;
use crate::halt;
use crate::limits;
use crate::metric;
use crate::shared::Shared;
use futures_util::future::BoxFuture;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use switchboard_domain::ConversationId;
use switchboard_domain::limits::BATCH_ROWS;
use switchboard_faults::{self as faults, Mutant, Point};
use switchboard_storage::{Error, Unique};
use switchboard_wire::Failure;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

/// Commits what waits until nobody can send any more.
pub(super) async fn run(shared: Arc<Shared>, mut waiting: mpsc::Receiver<Item>) {
    let mut held: Vec<Item> = Vec::new();
    let mut pause = limits::HELD_PAUSE;
    loop {
        let mut items = std::mem::take(&mut held);
        let before = items.len();
        if !gather(&mut waiting, &mut items, pause).await {
            return;
        }
        if faults::broken(Mutant::BatchReversed) {
            items.reverse();
        }
        let (fresh, late): (Vec<Item>, Vec<Item>) =
            items.into_iter().partition(|item| item.arrived.elapsed() < limits::APPEND_WAIT);
        for item in late {
            item.answer(Err(Failure::unavailable("it waited too long and was not stored; try again")));
        }
        if !fresh.is_empty() {
            metrics::histogram!(metric::BATCH_ROWS).record(fresh.len() as f64);
            held = commit(&shared, fresh).await;
        }
        // While nothing moves, it is tried less often.
        let stuck = before > 0 && held.len() >= before;
        pause = if stuck { (pause * 2).min(limits::HELD_PAUSE_MAX) } else { limits::HELD_PAUSE };
    }
}

/// Waits for something to do and takes what there is, behind what was held; `false` when nothing will ever come.
async fn gather(waiting: &mut mpsc::Receiver<Item>, items: &mut Vec<Item>, pause: Duration) -> bool {
    let room = BATCH_ROWS.saturating_sub(items.len());
    if items.is_empty() {
        return waiting.recv_many(items, room).await > 0;
    }
    // What is held is tried again after a moment, or with what comes in it.
    let began = Instant::now();
    if timeout(pause, waiting.recv_many(items, room)).await == Ok(0) {
        sleep_until(began + pause).await;
    }
    true
}

/// Commits a batch and answers all who wait for it, except those whose turn comes again: these are handed back.
async fn commit(shared: &Arc<Shared>, items: Vec<Item>) -> Vec<Item> {
    let verdicts = settle(shared, &items).await;
    let now = Instant::now();
    let mut held = Vec::new();
    faults::at(Point::AppendAnswerBefore);
    for (item, verdict) in items.into_iter().zip(verdicts) {
        match verdict {
            Verdict::Answered(answer) => {
                if answer.is_ok() {
                    let took = now.duration_since(item.arrived).as_secs_f64();
                    metrics::histogram!(metric::COMMIT_SECONDS).record(took);
                }
                item.answer(answer);
            }
            Verdict::Held if held.len() < limits::HELD_ROWS => held.push(item),
            Verdict::Held => {
                item.answer(Err(Failure::unavailable("it is locked in the database; try again shortly")));
            }
        }
    }
    faults::at(Point::AppendAnswerAfter);
    held
}

/// Runs a batch until its outcome is known, or says honestly that it is not.
fn settle<'a>(shared: &'a Arc<Shared>, items: &'a [Item]) -> BoxFuture<'a, Vec<Verdict>> {
    Box::pin(async move {
        let mut runs = Runs { look: shared.writer.is_wary(), ..Runs::default() };
        let error = loop {
            let error = match batch::commit(shared, items, &mut runs).await {
                Ok(verdicts) => return verdicts,
                Err(error) => error,
            };
            if matches!(error, Error::Conflict(Unique::ClientMessage)) && !runs.look {
                // Somebody repeats what is stored: no failure, only something to look at.
                runs.look = true;
                shared.writer.be_wary();
                metrics::counter!(metric::RERUNS).increment(1);
                continue;
            }
            runs.count += 1;
            runs.look = true;
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
            return halves(shared, items).await;
        }
        let failure = halt::tell(&outcome(error, runs.unknown), "append");
        items.iter().map(|_| Verdict::Answered(Err(failure.clone()))).collect()
    })
}

/// Runs a batch in two parts. What will be sent again is not overtaken by what came after it in its conversation.
async fn halves(shared: &Arc<Shared>, items: &[Item]) -> Vec<Verdict> {
    let (first, second) = items.split_at(items.len() / 2);
    let mut verdicts = settle(shared, first).await;
    let mut behind: HashMap<&ConversationId, Option<Failure>> = HashMap::new();
    for (item, verdict) in first.iter().zip(&verdicts) {
        match verdict {
            Verdict::Held => behind.entry(&item.conversation).or_default(),
            Verdict::Answered(Err(failure)) if failure.problem.is_undone() => {
                behind.entry(&item.conversation).or_insert_with(|| Some(failure.clone()))
            }
            Verdict::Answered(_) => continue,
        };
    }
    // One part after the other of those that nothing holds up; the order of answers is that of the items.
    let free = |item: &Item| !behind.contains_key(&item.conversation);
    let mut rest = Vec::new();
    for run in second.chunk_by(|a, b| free(a) == free(b)) {
        match run.first().and_then(|item| behind.get(&item.conversation)) {
            None => rest.extend(settle(shared, run).await),
            Some(_) => rest.extend(run.iter().map(|item| match behind.get(&item.conversation) {
                Some(Some(failure)) => Verdict::Answered(Err(failure.clone())),
                _ => Verdict::Held,
            })),
        }
    }
    verdicts.extend(rest);
    verdicts
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
