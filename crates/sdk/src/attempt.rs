//! One attempt at one turn: under its deadline, and whatever the automation does.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::Duration;

use futures_util::FutureExt as _;
use switchboard_domain::limits::{DEFAULT_TURN_DEADLINE_MS, TURN_DEADLINE_MS};
use switchboard_wire::turn::{TurnReply, TurnRequest};
use tokio::time::{Instant, sleep_until};

use crate::automation::Automation;
use crate::error::TurnError;
use crate::reply::check;
use crate::working::Working;

/// How long the attempt may take as the platform says it, or the default where that makes no sense.
pub(crate) fn deadline(turn: &TurnRequest) -> Duration {
    let ms = Some(turn.deadline_ms).filter(|ms| *ms > 0).unwrap_or(DEFAULT_TURN_DEADLINE_MS);
    Duration::from_millis(ms.min(*TURN_DEADLINE_MS.end()).unsigned_abs())
}

/// The reply, checked; panics and time-outs are errors like others.
pub(crate) async fn attempt<A: Automation>(
    automation: &A,
    turn: TurnRequest,
    working: &Working,
) -> Result<TurnReply, TurnError> {
    let mut answering = pin!(AssertUnwindSafe(automation.turn(turn, working)).catch_unwind());
    let result = loop {
        tokio::select! {
            result = &mut answering => break result,
            () = sleep_until(working.until()) => {
                // It may have been extended meanwhile.
                if working.until() <= Instant::now() {
                    return Err(TurnError::late());
                }
            }
        }
    };
    let reply = result.unwrap_or_else(|_| Err(TurnError::failed("the automation panicked")))?;
    check(&reply)?;
    Ok(reply)
}
