//! Telling the router which agents have a console open here: on every change, and every ten seconds.

use crate::edge::Shared;
use crate::limits::HERE_EVERY;
use switchboard_wire::notice::{Here, Notice};
use tokio::time::timeout;

/// Tells it, for ever. A node without agents says so only once.
pub(crate) async fn run(edge: Shared) {
    let mut told: Option<Vec<String>> = None;
    loop {
        let agents = edge.hub.agents_here();
        let empty = agents.is_empty();
        if !(empty && told.as_ref().is_none_or(Vec::is_empty)) {
            edge.tell(&Notice::Here(Here { node: edge.node.clone(), agents: agents.clone() })).await;
        }
        told = Some(agents);
        let changed = timeout(HERE_EVERY, edge.sessions.here_changed()).await;
        if changed.is_err() && empty {
            // Nobody is here: sleep until somebody is.
            edge.sessions.here_changed().await;
        }
    }
}
