//! Which nodes are there: asked over the bus when somebody wants to know, so that it costs nothing otherwise.

use crate::edge::Edge;
use crate::limits::{ROLL_CALL, ROLL_CALLS, ROLL_NODES};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use switchboard_wire::Failure;
use switchboard_wire::notice::{Notice, Roll};
use switchboard_wire::view::SystemNode;
use tokio::time::sleep;

/// The questions of this node that are open, and who has answered so far.
#[derive(Debug, Default)]
pub(crate) struct Rolls {
    open: Mutex<HashMap<String, BTreeMap<String, SystemNode>>>,
}

impl Rolls {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, BTreeMap<String, SystemNode>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, ask: &str, own: SystemNode) -> Result<(), Failure> {
        let mut open = self.lock();
        if open.len() >= ROLL_CALLS {
            return Err(Failure::unavailable("many are asking this at once; try again in a moment"));
        }
        open.insert(ask.to_owned(), BTreeMap::from([(own.id.clone(), own)]));
        Ok(())
    }

    /// A node answers; what nobody here has asked is passed over.
    pub(crate) fn answered(&self, ask: &str, node: SystemNode) {
        let mut open = self.lock();
        let Some(nodes) = open.get_mut(ask) else { return };
        if nodes.len() < ROLL_NODES || nodes.contains_key(&node.id) {
            nodes.insert(node.id.clone(), node);
        }
    }

    fn end(&self, ask: &str) -> Vec<SystemNode> {
        self.lock().remove(ask).unwrap_or_default().into_values().collect()
    }
}

/// Takes an open question away whatever becomes of who asked.
struct Asking<'a>(&'a Rolls, &'a str);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.end(self.1);
    }
}

/// This node.
pub(crate) fn own(edge: &Edge) -> SystemNode {
    let (visitors, agents) = edge.hub.index.sockets();
    SystemNode {
        id: edge.node.clone(),
        version: env!("CARGO_PKG_VERSION").into(),
        up_s: edge.now_s(),
        visitors,
        agents,
    }
}

/// Asks all nodes who they are, and waits for their answers. This one is among them even when the bus is away.
///
/// # Errors
/// When too many ask at once.
pub(crate) async fn call(edge: &Edge) -> Result<Vec<SystemNode>, Failure> {
    let ask = format!("{:032x}", edge.rng.u128());
    edge.rolls.begin(&ask, own(edge))?;
    let _asking = Asking(&edge.rolls, &ask);
    edge.tell(&Notice::Roll(Roll { ask: ask.clone(), node: None })).await;
    sleep(ROLL_CALL).await;
    Ok(edge.rolls.end(&ask))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: &str, visitors: u64) -> SystemNode {
        SystemNode { id: id.into(), version: "1".into(), up_s: 1, visitors, agents: 0 }
    }

    #[test]
    fn every_node_counts_once_and_only_for_who_asked() {
        let rolls = Rolls::default();
        rolls.begin("a", node("n1", 0)).unwrap();
        rolls.answered("a", node("n2", 3));
        // Heard over two buses.
        rolls.answered("a", node("n2", 4));
        rolls.answered("b", node("n3", 1));
        let found = rolls.end("a");
        assert_eq!(found, [node("n1", 0), node("n2", 4)]);
        assert!(rolls.end("b").is_empty());
    }

    #[test]
    fn what_is_open_is_bounded() {
        let rolls = Rolls::default();
        for n in 0..ROLL_CALLS {
            rolls.begin(&n.to_string(), node("n1", 0)).unwrap();
        }
        assert!(rolls.begin("one more", node("n1", 0)).is_err());
        drop(Asking(&rolls, "0"));
        rolls.begin("one more", node("n1", 0)).unwrap();
        for n in 0..ROLL_NODES + 5 {
            rolls.answered("one more", node(&format!("m{n}"), 0));
        }
        assert_eq!(rolls.end("one more").len(), ROLL_NODES);
    }
}
