//! Systems whose database holds years of conversations. Filling one takes minutes, so that the benchmarks of a run
//! share them: between two benchmarks a system rests in the [`Cellar`], with its program ended.

mod fill;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use switchboard_testkit::{Database, MariaDb, System};

use crate::place::on_tested_core;
use crate::product::{self, Kind, block_on};
use crate::setting::Setting;

pub use fill::{Plan, TALK};

/// The sizes that benchmarks grow through, in messages.
pub const SIZES: [usize; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
/// The same in a smoke run.
const QUICK: [usize; 4] = [2_000, 4_000, 8_000, 16_000];
/// Messages of a conversation.
pub const EACH: usize = 10;
/// The part of the program that is ended for a rest.
const NODE: &str = "node-0";
/// How long the program has to end.
const END: Duration = Duration::from_secs(15);

/// The `n`th size, in messages.
#[must_use]
pub fn size(setting: &Setting, n: usize) -> usize {
    let sizes = if setting.quick { QUICK } else { SIZES };
    sizes.get(n).or(sizes.last()).copied().unwrap_or_default()
}

/// A system of ours with a full database.
#[derive(Debug)]
pub struct Archive {
    /// Runs.
    pub system: System,
    /// What it holds.
    pub plan: Plan,
}

impl Archive {
    /// Its database's URL.
    #[must_use]
    pub fn url(&self) -> String {
        self.system.database.url()
    }
}

/// Where archives rest, with the server that holds them. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Cellar(Arc<Mutex<Shelves>>);

#[derive(Debug, Default)]
struct Shelves {
    // In this order: what talks goes before what it talks to.
    archives: BTreeMap<usize, Archive>,
    mariadb: Option<Arc<MariaDb>>,
}

impl Cellar {
    /// The archive of so many messages: one that rests here, or else a new one.
    ///
    /// # Errors
    /// When MariaDB or the program does not come up, or the disk is full.
    pub fn take(&self, setting: &Setting, messages: usize) -> anyhow::Result<Archive> {
        if let Some(mut archive) = self.shelves().archives.remove(&messages) {
            on_tested_core(|| block_on(Box::pin(archive.system.restart(NODE))))?;
            return Ok(archive);
        }
        let system = product::start(Kind::InProcess, &self.mariadb()?)?;
        let plan = Plan::new(messages, setting.size(TALK, TALK / 20));
        let began = Instant::now();
        if let Database::MariaDb(server, url) = &system.database {
            block_on(Box::pin(fill::fill(server, url, plan)))?;
        }
        eprintln!("    {messages} messages, filled in {:.0} s", began.elapsed().as_secs_f64());
        Ok(Archive { system, plan })
    }

    /// Lays an archive down to rest.
    ///
    /// # Errors
    /// When its program does not end.
    pub fn put(&self, mut archive: Archive) -> anyhow::Result<()> {
        archive.system.terminate(NODE, END).context("laying an archive down")?;
        self.shelves().archives.insert(archive.plan.messages, archive);
        Ok(())
    }

    /// The server of all archives.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn mariadb(&self) -> anyhow::Result<Arc<MariaDb>> {
        let mut shelves = self.shelves();
        if let Some(server) = &shelves.mariadb {
            return Ok(Arc::clone(server));
        }
        let server = product::mariadb()?;
        shelves.mariadb = Some(Arc::clone(&server));
        Ok(server)
    }

    fn shelves(&self) -> MutexGuard<'_, Shelves> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
