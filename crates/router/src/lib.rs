//! The router: who takes a conversation. It decides who is given a waiting conversation, hands turns to
//! automations, watches deadlines and presence, and finds new automations.
//!
//! It runs inside the dbmgr that holds the router lock and acts through calls ([`Calls`]) like everybody else.
//! What it keeps is memory that it can rebuild, and every call that it makes compares the fence and the due
//! state, so two routers by accident waste work and break nothing.
//!
//! ```text
//! notices ──▶ hear ──┬─▶ assign    board → plan → Assign, places in the queue
//!                    ├─▶ turn      due turn → automation → ApplyReply or FailTurn
//!                    ├─▶ index     what was written → IndexLines
//!                    └─▶ presence  consoles that vanish → RetireAgent
//!             clock ─┬─▶ deadline  what is due → turns, Lapse, Wake
//!                    ├─▶ sweep     what SQL by hand left behind
//!                    └─▶ discover  services that are automations
//! ```

mod assign;
mod calls;
mod deadline;
mod discover;
mod hear;
mod index;
pub mod limits;
mod presence;
mod room;
mod sweep;
pub mod trial;
mod turn;

use std::sync::Arc;

use switchboard_bus::Bus;
use switchboard_domain::{Clock, Rng};
use tokio::sync::watch;
use tokio::task::JoinSet;

pub use calls::{Ask, Calls, Outward};
pub use turn::course::{Cause, Course, Next};
pub use turn::frame::Frame;

/// What the router is joined to.
pub struct Links<C> {
    /// The dbmgr that it asks and tells to act.
    pub calls: Arc<C>,
    /// Where dbmgrs and edges publish their notices; what the router publishes goes to all of them. The same
    /// notice may come over several.
    pub notices: Vec<Arc<dyn Bus>>,
    /// Where automations take turns: NATS where there is one, the bus of this process otherwise.
    pub automations: Arc<dyn Bus>,
    /// How guides have web hooks called.
    pub outward: Arc<dyn Outward>,
}

/// Runs until `shutdown` holds `true` or its sender is gone; then it stops at once, in the middle of whatever
/// it does: the next router finds what is due in the database. Buses and dbmgr may be away at any time.
pub async fn run<C: Calls>(
    links: Links<C>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    mut shutdown: watch::Receiver<bool>,
) {
    metrics::gauge!("switchboard_router_active").set(1);
    tracing::info!("this process routes conversations");
    loop {
        let mut rooms = start(&links, &clock, &rng);
        // The borrow of the value must not be held while the rooms end.
        let stop = async { shutdown.wait_for(|stop| *stop).await.map(drop) };
        let stopped = tokio::select! {
            _ = stop => true,
            // They end only by a fault. Without one of them conversations would wait for ever, so all begin anew.
            ended = rooms.join_next() => {
                tracing::error!(?ended, "a part of the router ended by itself");
                false
            }
        };
        rooms.shutdown().await;
        if stopped {
            break;
        }
        tokio::time::sleep(limits::CALL_AGAIN).await;
    }
    // What the next router knows better.
    for name in [
        "switchboard_router_active",
        "switchboard_queue_length",
        "switchboard_agents_here",
        "switchboard_turns_out",
    ] {
        metrics::gauge!(name).set(0);
    }
}

fn start<C: Calls>(links: &Links<C>, clock: &Arc<dyn Clock>, rng: &Arc<dyn Rng>) -> JoinSet<()> {
    let room = Arc::new(room::Room::new(links, Arc::clone(clock), Arc::clone(rng)));
    let (turns, hints) = turn::hints();
    let mut rooms = JoinSet::new();
    hear::start(&room, &turns, &mut rooms);
    rooms.spawn(turn::run(Arc::clone(&room), hints));
    rooms.spawn(deadline::run(Arc::clone(&room), turns));
    rooms.spawn(assign::run(Arc::clone(&room)));
    rooms.spawn(presence::run(Arc::clone(&room)));
    rooms.spawn(sweep::run(Arc::clone(&room)));
    rooms.spawn(index::run(Arc::clone(&room)));
    rooms.spawn(discover::run(room));
    rooms
}
