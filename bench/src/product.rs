//! Our own program in one of its shapes, as it is benchmarked.

use std::fmt;
use std::sync::Arc;

use switchboard_testkit::mariadb::Size;
use switchboard_testkit::system::Setup;
use switchboard_testkit::{MariaDb, Shape, System};

use crate::place::on_tested_core;
use crate::usage::Counted;

/// The database of the benchmarks: room for ten million rows, and a log that does not force checkpoints.
pub const MARIADB: Size = Size { buffer_pool_mib: 1024, log_mib: 256, connections: 400 };

/// What both sides of every comparison on MariaDB run with.
pub const MARIADB_DURABILITY: &str = "MariaDB, innodb_flush_log_at_trx_commit=1, no binary log";
/// What both sides of every comparison on SQLite run with.
pub const SQLITE_DURABILITY: &str = "SQLite, WAL, synchronous=FULL";

/// Every limit that protects the program from one busy client is off: the load is a thousand clients in one.
pub const CONFIGURATION: &str = "[limits]\n\
    visitor_messages_per_s = 0\n\
    visitor_burst = 0\n\
    agent_messages_per_s = 0\n\
    visitor_sessions_per_min = 0\n\
    visitor_sessions_burst = 0\n\
    sockets_per_address = 0\n\
    socket_frames_per_s = 0\n\
    sign_in_failures = 0\n";

/// The shapes that are benchmarked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One `serve` on SQLite.
    Embedded,
    /// One `serve` on MariaDB, the bus inside the process.
    InProcess,
    /// One `serve` on MariaDB and NATS.
    Networked,
    /// `web`, `dbmgr` and the automations, a process each, on MariaDB and NATS.
    Split,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Embedded => "Switchboard on SQLite",
            Self::InProcess => "Switchboard on MariaDB",
            Self::Networked => "Switchboard on MariaDB and NATS",
            Self::Split => "Switchboard split, on MariaDB and NATS",
        })
    }
}

impl Kind {
    /// When it says that a message is stored.
    #[must_use]
    pub fn durability(self) -> &'static str {
        match self {
            Self::Embedded => SQLITE_DURABILITY,
            Self::InProcess | Self::Networked | Self::Split => MARIADB_DURABILITY,
        }
    }
}

/// A MariaDB of benchmark size, on the tested core.
///
/// # Errors
/// When MariaDB is not installed or does not come up.
pub fn mariadb() -> anyhow::Result<Arc<MariaDb>> {
    on_tested_core(|| Ok(Arc::new(MariaDb::start_sized(MARIADB)?)))
}

/// Runs what waits, such as calls of the test clients, in this thread.
///
/// # Errors
/// When `work` fails.
pub fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Starts our program, embedded, on the tested core, with all limits per client off.
///
/// # Errors
/// When it is not built or does not come up.
pub fn embedded() -> anyhow::Result<System> {
    launch(Setup::new(Shape::Embedded))
}

/// Starts our program on the tested core, with all limits per client off. `mariadb` is not used when embedded.
///
/// # Errors
/// When something is not installed or built, or does not come up.
pub fn start(kind: Kind, mariadb: &Arc<MariaDb>) -> anyhow::Result<System> {
    launch(match kind {
        Kind::Embedded => Setup::new(Shape::Embedded),
        Kind::InProcess => Setup::new(Shape::Cluster).on(Arc::clone(mariadb)).without_nats(),
        Kind::Networked => Setup::new(Shape::Cluster).on(Arc::clone(mariadb)).nodes(1),
        Kind::Split => Setup::new(Shape::Split).on(Arc::clone(mariadb)),
    })
}

fn launch(setup: Setup) -> anyhow::Result<System> {
    on_tested_core(|| block_on(Box::pin(setup.configuration(CONFIGURATION).start())))
}

/// Every process of a system, its bus and its database included.
#[must_use]
pub fn counted(system: &System) -> Vec<Counted> {
    let mut all: Vec<Counted> =
        system.pids().into_iter().map(|(name, pid)| Counted::new(name, pid)).collect();
    if let Some(nats) = &system.nats {
        all.push(Counted::new("nats-server", nats.pid()));
    }
    if let switchboard_testkit::Database::MariaDb(server, _) = &system.database
        && let Some(pid) = server.pid()
    {
        all.push(Counted::new("mariadbd", pid));
    }
    all
}
