//! Facts about the database itself.

use crate::dialect::Dialect;
use crate::error::Result;
use crate::store::Store;
use crate::tx::Tx;
use crate::value::args;
use sqlx::AssertSqlSafe;
use switchboard_domain::Rng;

/// The name of the epoch: a random value, rotated on restore, by which clients know that history has changed.
pub const EPOCH: &str = "epoch";

/// The name of the document of the installation's settings.
pub const SETTINGS: &str = "settings";

/// The name of a value that changes with every [`crate::Store::settle`].
const SETTLED: &str = "settled";

impl Store {
    /// Makes durable whatever anybody could read before: commits something, and InnoDB's log is written in order.
    /// Nothing on SQLite; see [`Tx::unsettled`].
    ///
    /// # Errors
    /// When the database is away: then nobody knows.
    pub async fn settle(&self, rng: &dyn Rng) -> Result<()> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        // Without a transaction: the one statement commits itself. A value that stays the same would write nothing.
        let mut tx = self.lane().await?;
        set(&mut tx, SETTLED, &format!("{:032x}", rng.u128())).await
    }
}

/// Reads a fact.
pub async fn get(tx: &mut Tx, name: &str) -> Result<Option<String>> {
    tx.first("SELECT value FROM meta WHERE name = ?", args![name], |row| row.text()).await
}

/// Writes a fact. `name` is at most 64 ASCII characters.
pub async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    let sql =
        format!("INSERT INTO meta (name, value) VALUES (?, ?){}", tx.dialect().upsert("name", &["value"]));
    tx.exec(AssertSqlSafe(sql), args![name, value]).await.map(drop)
}

/// Waits until no other transaction has come by here, and lets none do so before the commit: for what is counted before
/// more of it is added, where there may be no row yet that could be locked.
pub async fn one_at_a_time(tx: &mut Tx) -> Result<()> {
    let sql = format!("SELECT value FROM meta WHERE name = ?{}", tx.dialect().update());
    tx.first(AssertSqlSafe(sql), args![EPOCH], |row| row.text()).await.map(drop)
}

/// The epoch; empty when the database has not been migrated completely.
pub async fn epoch(tx: &mut Tx) -> Result<String> {
    Ok(get(tx, EPOCH).await?.unwrap_or_default())
}

/// Gives the database a new epoch and answers it: 32 hexadecimal characters.
pub async fn rotate_epoch(tx: &mut Tx, rng: &dyn Rng) -> Result<String> {
    let epoch = format!("{:032x}", rng.u128());
    set(tx, EPOCH, &epoch).await?;
    Ok(epoch)
}
