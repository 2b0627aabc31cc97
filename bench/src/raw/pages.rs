//! Pages out of our tables by the database's own protocol, from the load's core: the least that a page can cost.

use std::sync::Arc;

use anyhow::ensure;
use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Connection};
use switchboard_testkit::MariaDb;
use tokio::runtime::Runtime;

use crate::asker;
use crate::bare::page;
use crate::driver::Shelf;
use crate::load::Sample;
use crate::setting::Setting;
use crate::usage::Counted;

/// A connection of its own to a database of ours.
#[derive(Debug)]
pub struct RawPages {
    runtime: Runtime,
    connection: MySqlConnection,
    processes: Vec<Counted>,
}

impl RawPages {
    /// Connects.
    ///
    /// # Errors
    /// When the database is away.
    pub fn connect(server: &Arc<MariaDb>, url: &str) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let connection = runtime.block_on(MySqlConnection::connect(url))?;
        let processes = server.pid().map(|pid| Counted::new("mariadbd", pid)).into_iter().collect();
        Ok(Self { runtime, connection, processes })
    }

    /// Asks over and over for the last `limit` entries before `before`.
    ///
    /// # Errors
    /// When the database is away, or there are fewer.
    pub fn history(
        &mut self,
        setting: &Setting,
        conversation: &str,
        before: Option<u64>,
        limit: usize,
    ) -> anyhow::Result<Sample> {
        let before = before.map_or(Ok(i64::MAX), i64::try_from)?;
        let Self { runtime, connection, processes } = self;
        asker::measure(setting, processes, || {
            let rows = runtime.block_on(page::history(connection, conversation, before, limit))?;
            ensure!(rows.len() == limit, "{} entries", rows.len());
            Ok(())
        })
    }

    /// Asks over and over for the first `limit` rows of a list, with all that is shown.
    ///
    /// # Errors
    /// When the database is away, or there are none.
    pub fn inbox(
        &mut self,
        setting: &Setting,
        owner: &str,
        shelf: Shelf,
        limit: usize,
    ) -> anyhow::Result<Sample> {
        let sql: Arc<str> = page::inbox(shelf).into();
        let Self { runtime, connection, processes } = self;
        asker::measure(setting, processes, || {
            let sql = AssertSqlSafe(Arc::clone(&sql));
            let asked = page::list(connection, sql, shelf, owner, limit, page::Row::read);
            ensure!(!runtime.block_on(asked)?.is_empty(), "no rows");
            Ok(())
        })
    }

    /// The same out of the index alone: ids and times.
    ///
    /// # Errors
    /// As [`RawPages::inbox`].
    pub fn seek(
        &mut self,
        setting: &Setting,
        owner: &str,
        shelf: Shelf,
        limit: usize,
    ) -> anyhow::Result<Sample> {
        let sql: Arc<str> = page::seek(shelf).into();
        let Self { runtime, connection, processes } = self;
        asker::measure(setting, processes, || {
            let sql = AssertSqlSafe(Arc::clone(&sql));
            let asked = page::list(connection, sql, shelf, owner, limit, page::found);
            ensure!(!runtime.block_on(asked)?.is_empty(), "no rows");
            Ok(())
        })
    }
}
