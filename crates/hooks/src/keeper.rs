//! Keeps a service on the bus for every web hook that there is.

use crate::hook::Hook;
use crate::limits::{LOOK_AGAIN, LOOK_EVERY};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{SelectAll, unfold};
use std::collections::BTreeMap;
use std::sync::Arc;
use switchboard_bus::{Bus, BusError};
use switchboard_domain::Clock;
use switchboard_outbound::Client;
use switchboard_sdk::{RunOptions, Running, start};
use switchboard_wire::Failure;
use switchboard_wire::call::hook::HookSpec;
use switchboard_wire::subject;
use tokio::time::sleep;

/// Asks a dbmgr which web hooks there are.
pub type List = Box<dyn Fn() -> BoxFuture<'static, Result<Vec<HookSpec>, Failure>> + Send + Sync>;

/// What the keeper needs.
pub struct Parts {
    /// Where turns are taken.
    pub turns: Arc<dyn Bus>,
    /// Where it is told that web hooks have changed.
    pub buses: Vec<Arc<dyn Bus>>,
    /// Which there are.
    pub list: List,
    /// How they are reached.
    pub client: Client,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// A web hook that takes turns.
struct Kept {
    spec: HookSpec,
    running: Running,
}

/// Keeps them until the future is dropped; what is under way then is tried again elsewhere.
///
/// # Errors
/// What a bus refuses; being away is no reason.
pub async fn run(parts: Parts) -> Result<(), BusError> {
    let mut changes = SelectAll::new();
    for bus in &parts.buses {
        let told = bus.subscribe(&subject::notice("hooks", None), None).await?;
        changes.push(Box::pin(unfold(told, async |mut told| told.next().await.map(|_| ((), told)))));
    }
    let mut kept: BTreeMap<String, Kept> = BTreeMap::new();
    loop {
        let pause = match (parts.list)().await {
            Ok(wanted) => {
                keep(&parts, &mut kept, wanted).await?;
                LOOK_EVERY
            }
            Err(failure) => {
                tracing::debug!(%failure, "nobody says which web hooks there are");
                LOOK_AGAIN
            }
        };
        tokio::select! {
            Some(()) = changes.next(), if !changes.is_empty() => {}
            () = sleep(pause) => {}
        }
    }
}

/// Ends those that are gone or different, and begins those that are new.
async fn keep(
    parts: &Parts,
    kept: &mut BTreeMap<String, Kept>,
    wanted: Vec<HookSpec>,
) -> Result<(), BusError> {
    let stays = |name: &String, one: &Kept| wanted.iter().any(|spec| spec.name == *name && *spec == one.spec);
    let gone: Vec<String> =
        kept.iter().filter(|(name, one)| !stays(name, one)).map(|(name, _)| name.clone()).collect();
    for name in gone {
        if let Some(one) = kept.remove(&name) {
            // What it has in hand may finish; new turns go to its successor.
            tokio::spawn(one.running.drain());
        }
    }
    for spec in wanted {
        if kept.contains_key(&spec.name) {
            continue;
        }
        let (client, clock) = (parts.client.clone(), Arc::clone(&parts.clock));
        let hook = Hook { spec: spec.clone(), client, clock };
        let running = start(Arc::clone(&parts.turns), hook, RunOptions::new(parts.clock.now())).await?;
        kept.insert(spec.name.clone(), Kept { spec, running });
    }
    Ok(())
}
