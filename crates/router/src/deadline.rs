//! Asks the database what is due: turns nobody gave a hint of, answers that are late, snoozes that are over.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use switchboard_domain::Millis;
use switchboard_wire::Problem;
use switchboard_wire::call::router::{Due, DueKind, DueList, GetDue, Lapse, Wake};
use tokio::time::sleep;

use crate::calls::Calls;
use crate::limits::{CALL_AGAIN, DUE_AT_ONCE, DUE_EVERY, DUE_PAUSE, DUE_ROWS, DUE_ROWS_MAX, DUE_WHILE_IDLE};
use crate::room::Room;
use crate::turn::{Hint, Hints};

/// Asks for ever.
pub(crate) async fn run<C: Calls>(room: Arc<Room<C>>, turns: Hints) {
    let mut rows = DUE_ROWS;
    loop {
        let pause = match room.calls.ask(GetDue { limit: rows }).await {
            Ok(list) => {
                let (pause, next_rows) = plan(&list, rows, room.clock.now());
                rows = next_rows;
                act(&room, &turns, list.due).await;
                pause
            }
            Err(failure) => {
                tracing::debug!(%failure, "what is due cannot be asked for");
                CALL_AGAIN
            }
        };
        sleep(pause).await;
    }
}

/// When to ask again, and for how many. Turns under way and in line stay due until they are answered; while
/// they fill the answer, more are asked for, so that they hide nothing.
fn plan(list: &DueList, rows: i64, now: Millis) -> (Duration, i64) {
    let got = i64::try_from(list.due.len()).unwrap_or(i64::MAX);
    if got >= rows && rows < DUE_ROWS_MAX {
        return (DUE_PAUSE, (rows * 2).min(DUE_ROWS_MAX));
    }
    let rows = if got < rows / 4 { (rows / 2).max(DUE_ROWS) } else { rows };
    let every = if list.due.is_empty() && list.next_at.is_none() { DUE_WHILE_IDLE } else { DUE_EVERY };
    let until_next = list.next_at.filter(|at| *at > now).map(|at| Duration::from_millis(at.abs_diff(now)));
    (until_next.map_or(every, |next| next.clamp(DUE_PAUSE, every)), rows)
}

async fn act<C: Calls>(room: &Room<C>, turns: &Hints, due: Vec<Due>) {
    let mut others = Vec::new();
    for item in due {
        match item.kind {
            DueKind::Turn => turns.give(Hint::Due { conversation: item.conversation, fence: None }),
            DueKind::Answer | DueKind::Wake => others.push(item),
        }
    }
    stream::iter(others).for_each_concurrent(DUE_AT_ONCE, |item| end(room, item)).await;
}

async fn end<C: Calls>(room: &Room<C>, item: Due) {
    let Due { conversation, fence, kind } = item;
    let (what, answer) = match kind {
        DueKind::Wake => ("wake", room.calls.ask(Wake { conversation: conversation.clone() }).await),
        DueKind::Answer | DueKind::Turn => {
            let lapse = Lapse { conversation: conversation.clone(), fence };
            ("lapse", room.calls.ask(lapse).await)
        }
    };
    let result = match answer {
        Ok(()) => "done",
        // Somebody did something with it since; that decides.
        Err(failure) if failure.problem == Problem::Stale || failure.problem == Problem::NotFound => "stale",
        Err(failure) => {
            tracing::warn!(conversation, what, %failure, "what is due was not done; it is tried again");
            "failed"
        }
    };
    metrics::counter!("switchboard_deadlines_total", "what" => what, "result" => result).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(count: usize, next_at: Option<Millis>) -> DueList {
        let due = Due { conversation: "c1".into(), fence: 1, kind: DueKind::Turn };
        DueList { due: vec![due; count], next_at }
    }

    #[test]
    fn a_quiet_house_is_asked_seldom_and_what_is_planned_comes_in_time() {
        assert_eq!(plan(&list(0, None), DUE_ROWS, 1_000).0, DUE_WHILE_IDLE);
        assert_eq!(plan(&list(0, Some(1_300)), DUE_ROWS, 1_000).0, Duration::from_millis(300));
        assert_eq!(plan(&list(0, Some(9_000)), DUE_ROWS, 1_000).0, DUE_EVERY);
        assert_eq!(plan(&list(0, Some(1_001)), DUE_ROWS, 1_000).0, DUE_PAUSE);
        // What is due already, and not over yet, is no reason to hurry.
        assert_eq!(plan(&list(1, Some(900)), DUE_ROWS, 1_000).0, DUE_EVERY);
    }

    #[test]
    fn turns_in_line_hide_nothing() {
        let full = usize::try_from(DUE_ROWS).unwrap();
        assert_eq!(plan(&list(full, None), DUE_ROWS, 0), (DUE_PAUSE, DUE_ROWS * 2));
        assert_eq!(plan(&list(full, None), DUE_ROWS * 2, 0), (DUE_EVERY, DUE_ROWS * 2));
        assert_eq!(plan(&list(10, None), DUE_ROWS * 2, 0).1, DUE_ROWS);
        let most = usize::try_from(DUE_ROWS_MAX).unwrap();
        assert_eq!(plan(&list(most, None), DUE_ROWS_MAX, 0), (DUE_EVERY, DUE_ROWS_MAX));
    }
}
