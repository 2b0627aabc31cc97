//! Watches the connection and says what it sees, once the subscriptions are in place.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_nats::Client;
use async_nats::connection::State;
use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::sync::watch;
use tokio::time::timeout;

use super::Shared;
use crate::limits::{NATS_SETTLE, NATS_STATE_POLL};
use crate::port::BusState;
use crate::subscription::Queue;

/// Runs until aborted. Events wake it, but may be dropped by the client, so it also looks by itself.
pub(super) async fn run(client: Client, shared: Arc<Shared>, state: watch::Sender<BusState>) {
    let mut settled = 0;
    loop {
        let connected = client.connection_state() == State::Connected;
        let connections = client.statistics().connects.load(Ordering::Relaxed);
        if !connected {
            tell(&state, BusState { connected: false, connections: settled });
        } else if connections != settled {
            // A connection that came and went between two looks is reported as gone first, so that nobody
            // misses it.
            tell(&state, BusState { connected: false, connections: settled });
            // Only after this round trip does the server know the subscriptions; repairs that began before
            // it would miss what is published in between.
            let confirmed = timeout(NATS_SETTLE, round_trip(&client)).await.is_ok();
            if client.connection_state() == State::Connected {
                if !confirmed {
                    tracing::debug!("NATS did not confirm the subscriptions in time");
                }
                settled = connections;
                shared.every_queue(Queue::reconnected);
                tell(&state, BusState { connected: true, connections });
                continue;
            }
        }
        // Being late by one poll is all that an unheard event costs.
        let _ = timeout(NATS_STATE_POLL, shared.changed.notified()).await;
    }
}

fn tell(state: &watch::Sender<BusState>, now: BusState) {
    state.send_if_modified(|have| {
        let changed = *have != now;
        if have.connected && !now.connected {
            metrics::counter!("switchboard_bus_disconnects_total").increment(1);
        }
        *have = now;
        changed
    });
}

/// Sends something to ourselves and waits until it is back. A connection without echo gets "no responders"
/// instead, which the server sends in the same order. `None` when the client is closed.
pub(super) async fn round_trip(client: &Client) -> Option<()> {
    let inbox = client.new_inbox();
    let mut echo = client.subscribe(inbox.clone()).await.ok()?;
    client.publish_with_reply(inbox.clone(), inbox, Bytes::new()).await.ok()?;
    echo.next().await.map(|_| ())
}
