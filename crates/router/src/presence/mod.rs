//! Agents whose consoles vanish: after a grace they are offline, and what they held waits again.

mod lease;

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream;
use switchboard_wire::Problem;
use switchboard_wire::call::router::RetireAgent;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::calls::Calls;
use crate::limits::{HERE_AT_ONCE, HERE_LOOK};
use crate::room::Room;

pub(crate) use lease::Leases;

/// Looks through the leases for ever.
pub(crate) async fn run<C: Calls>(room: Arc<Room<C>>) {
    let mut look = interval(HERE_LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut connections = connections_now(&room);
    let mut retiring = JoinSet::new();
    loop {
        look.tick().await;
        let now = Instant::now();
        let heard = connections_now(&room);
        if heard != connections || heard.iter().any(|(connected, _)| !connected) {
            room.leases().deafened(now);
            connections = heard;
        }
        let vanished = room.leases().vanished(now);
        // Beside the looks: a slow database must not pass for a process that stood still.
        while retiring.try_join_next().is_some() {}
        if retiring.is_empty() && !vanished.is_empty() {
            let room = Arc::clone(&room);
            retiring.spawn(async move {
                let retire = |agent| retire(&room, agent);
                stream::iter(vanished).for_each_concurrent(HERE_AT_ONCE, retire).await;
            });
        }
        #[expect(clippy::cast_precision_loss, reason = "a gauge")]
        metrics::gauge!("switchboard_agents_here").set(room.leases().present(now) as f64);
    }
}

async fn retire<C: Calls>(room: &Room<C>, agent: String) {
    // Back while others were retired.
    if room.leases().is_here(&agent, Instant::now()) {
        return;
    }
    match room.calls.ask(RetireAgent { agent: agent.clone() }).await {
        Ok(()) => {
            tracing::info!(agent, "an agent has vanished");
            metrics::counter!("switchboard_agents_retired_total").increment(1);
            room.leases().off_duty(&agent);
        }
        Err(failure) if failure.problem == Problem::NotFound => room.leases().off_duty(&agent),
        Err(failure) => tracing::warn!(agent, %failure, "an agent who has vanished is still on duty"),
    }
}

/// Whether each bus is connected, and how often it was.
fn connections_now<C>(room: &Room<C>) -> Vec<(bool, u64)> {
    let state = |bus: &Arc<dyn switchboard_bus::Bus>| {
        let state = *bus.state().borrow();
        (state.connected, state.connections)
    };
    room.notices.iter().map(state).collect()
}
