//! What all calls of one database manager share.

use crate::hasher::Hasher;
use crate::library::Library;
use crate::mail::Mail;
use crate::relay::Relay;
use crate::ruling;
use crate::settling::Settling;
use crate::sightings::Sightings;
use crate::throttle::Throttle;
use crate::time::CommonClock;
use crate::touch::Touches;
use crate::writer::Writer;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use switchboard_bus::Bus;
use switchboard_domain::Rng;
use switchboard_domain::file::FileLimits;
use switchboard_storage::{Error, Store};
use tokio::sync::Semaphore;

/// Database, clock, dice, and the little that is kept in memory.
pub(crate) struct Shared {
    /// The database.
    pub(crate) store: Store,
    /// The common time.
    pub(crate) clock: Arc<CommonClock>,
    /// For ids and secrets.
    pub(crate) rng: Arc<dyn Rng>,
    /// Hashes passwords off the async threads.
    pub(crate) hasher: Hasher,
    /// Failed sign-ins.
    pub(crate) throttle: Throttle,
    /// Tells what was committed.
    pub(crate) relay: Relay,
    /// Where calls wait before they stand in line for SQLite's one writer; none where any number may write.
    pub(crate) line: Option<Semaphore>,
    /// Commits messages and notes in groups.
    pub(crate) writer: Writer,
    /// Who has read what may not be durable yet.
    pub(crate) settling: Settling,
    /// Uses of sessions that are to be written.
    pub(crate) touches: Touches,
    /// Whether the database's settings make commits durable, as last looked at.
    pub(crate) durable: AtomicBool,
    /// What files may be in all.
    pub(crate) files: FileLimits,
    /// E-mail, where it is configured.
    pub(crate) mail: Option<Arc<Mail>>,
    /// The index of the articles.
    pub(crate) library: Library,
    /// The rules, made ready.
    pub(crate) rules: ruling::Known,
    /// Deliveries that may wait for one server outside.
    pub(crate) tell_waiting: i64,
    /// Where automations take turns; none where there is no service.
    pub(crate) turns: Option<Arc<dyn Bus>>,
    /// Which automations answered discovery lately.
    pub(crate) sightings: Sightings,
}

impl Shared {
    /// Waits until whatever could be read before is durable.
    pub(crate) async fn settle(&self) -> Result<(), Error> {
        self.settling.settle(&self.store, self.rng.as_ref()).await
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("store", &self.store).finish_non_exhaustive()
    }
}
