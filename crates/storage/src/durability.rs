//! Whether a commit survives a crash, as the server's own settings say.

use crate::dialect::Dialect;
use crate::error::Result;
use crate::store::Store;
use crate::tx::Tx;

/// What the settings promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durability {
    /// The server and its version.
    pub server: String,
    /// What must be mended before "acknowledged" means "durable", one sentence each; empty when all is well.
    pub faults: Vec<String>,
}

impl Durability {
    /// Whether a commit that succeeded survives a crash of the machine.
    pub fn is_durable(&self) -> bool {
        self.faults.is_empty()
    }
}

impl Store {
    /// Asks the server for the settings that durability depends on.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn durability(&self) -> Result<Durability> {
        match self.dialect() {
            // The connection that writes is the one that counts; it is back in its lane at once.
            Dialect::Sqlite => of_sqlite(&mut self.lane().await?).await,
            Dialect::MySql => of_mysql(&mut self.read().await?).await,
        }
    }
}

async fn of_sqlite(tx: &mut Tx) -> Result<Durability> {
    let version = tx.first("SELECT sqlite_version()", &[], |row| row.text()).await?.unwrap_or_default();
    let journal = tx.first("PRAGMA journal_mode", &[], |row| row.text()).await?.unwrap_or_default();
    let synchronous = tx.first("PRAGMA synchronous", &[], |row| row.int()).await?.unwrap_or_default();
    let mut faults = Vec::new();
    if !journal.eq_ignore_ascii_case("wal") {
        faults
            .push(format!("not durable: journal_mode is {journal}, not WAL: move the file to a local disk"));
    }
    // 2 is FULL, 3 is EXTRA.
    if synchronous < 2 {
        faults.push(format!("not durable: synchronous is {synchronous}, not FULL"));
    }
    Ok(Durability { server: format!("SQLite {version}"), faults })
}

async fn of_mysql(tx: &mut Tx) -> Result<Durability> {
    let sql = "SELECT VERSION(), @@innodb_flush_log_at_trx_commit, @@log_bin, @@sync_binlog, @@innodb_doublewrite = 'OFF'";
    let found =
        tx.first(sql, &[], |row| Ok((row.text()?, row.int()?, row.flag()?, row.int()?, row.flag()?))).await?;
    let (version, flush, binlog, sync, single) = found.unwrap_or_default();
    let mut faults = Vec::new();
    if flush != 1 {
        faults.push(format!(
            "not durable: set innodb_flush_log_at_trx_commit = 1 on the server (it is {flush})"
        ));
    }
    if binlog && sync != 1 {
        faults.push(format!(
            "not durable: the binary log is on: set sync_binlog = 1 on the server (it is {sync})"
        ));
    }
    if single {
        faults.push(
            "not durable: set innodb_doublewrite = ON on the server, or a torn page is not repaired".into(),
        );
    }
    let name = if version.contains("MariaDB") { "MariaDB" } else { "MySQL" };
    Ok(Durability { server: format!("{name} {version}"), faults })
}
