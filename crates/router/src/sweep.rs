//! Lets the dbmgr put right what changes by hand in SQL left behind.

use std::sync::Arc;

use switchboard_wire::call::router::Sweep;
use tokio::time::{MissedTickBehavior, interval};

use crate::calls::Calls;
use crate::limits::SWEEP_EVERY;
use crate::room::Room;

/// Sweeps for ever.
pub(crate) async fn run<C: Calls>(room: Arc<Room<C>>) {
    let mut every = interval(SWEEP_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        match room.calls.ask(Sweep {}).await {
            Ok(swept) if swept.conversations > 0 || swept.sessions > 0 => {
                tracing::info!(swept.conversations, swept.sessions, "swept up");
            }
            Ok(_) => {}
            Err(failure) => tracing::debug!(%failure, "could not sweep"),
        }
    }
}
