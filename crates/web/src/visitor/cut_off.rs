//! Visitors who may be here no more, banned or erased: their sockets end. A notice says so at once. When notices were lost,
//! and every now and then, one question for the whole node finds out what they would have said.

use crate::edge::Shared;
use crate::limits::{CUT_OFF_AGAIN, CUT_OFF_DEADLINE, CUT_OFF_EVERY, CUT_OFF_MARGIN};
use switchboard_wire::Credential;
use switchboard_wire::call::edge::GetCutOff;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

/// Asks, for ever. Without sockets of visitors it asks nothing.
pub(crate) async fn run(edge: Shared) {
    let mut ticks = interval(CUT_OFF_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // When a question was sent whose answer came; whoever opens a socket later is refused there.
    let mut known = Instant::now();
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = edge.hub.repairs.unheard() => {}
        }
        let asked = Instant::now();
        if !edge.hub.index.has_visitors() {
            known = asked;
            continue;
        }
        // Clocks differ, and a commit takes its time.
        let within = asked.saturating_duration_since(known) + CUT_OFF_MARGIN;
        let within_ms = i64::try_from(within.as_millis()).unwrap_or(i64::MAX);
        let question = edge.ask(Credential::Component, GetCutOff { within_ms });
        match timeout(CUT_OFF_DEADLINE, question).await {
            Ok(Ok(cut_off)) => {
                edge.hub.index.cut_off(&cut_off);
                known = asked;
            }
            Ok(Err(failure)) => {
                tracing::debug!(%failure, "nobody says which visitors are banned");
                ticks.reset_after(CUT_OFF_AGAIN);
            }
            Err(_) => {
                tracing::debug!("nobody says in time which visitors are banned");
                ticks.reset_after(CUT_OFF_AGAIN);
            }
        }
    }
}
