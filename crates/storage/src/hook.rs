//! Automations that are reached over HTTPS: where, and what requests are signed with. What they share with all others is
//! in [`crate::automation`].

use crate::error::Result;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{args, is_plain};
use switchboard_domain::Millis;

/// A web hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// The automation's name.
    pub name: String,
    /// Where turns are sent.
    pub url: String,
    /// What requests are signed with.
    pub secret: String,
    /// The one before.
    pub old_secret: Option<String>,
    /// Until when requests are signed with that one as well.
    pub old_until: Millis,
}

macro_rules! columns {
    () => {
        "name, url, secret, old_secret, old_until"
    };
}

fn read(row: &mut Row<'_>) -> Result<Hook> {
    Ok(Hook {
        name: row.text()?,
        url: row.text()?,
        secret: row.text()?,
        old_secret: row.maybe_text()?,
        old_until: row.int()?,
    })
}

/// The one of this name.
pub async fn get(tx: &mut Tx, name: &str) -> Result<Option<Hook>> {
    if !is_plain(name) {
        return Ok(None);
    }
    tx.first(concat!("SELECT ", columns!(), " FROM hook_automations WHERE name = ?"), args![name], read).await
}

/// All of them by name, at most `limit`.
pub async fn list(tx: &mut Tx, limit: i64) -> Result<Vec<Hook>> {
    let sql = concat!("SELECT ", columns!(), " FROM hook_automations ORDER BY name LIMIT ?");
    tx.list(sql, args![limit], read).await
}

/// How many there are.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    let count = tx.first("SELECT COUNT(*) FROM hook_automations", &[], |row| row.int()).await?;
    Ok(count.unwrap_or_default())
}

/// Adds one.
pub async fn insert(tx: &mut Tx, hook: &Hook) -> Result<()> {
    let sql = concat!("INSERT INTO hook_automations (", columns!(), ") VALUES (?, ?, ?, ?, ?)");
    let values = args![&hook.name, &hook.url, &hook.secret, &hook.old_secret, hook.old_until];
    tx.exec(sql, values).await.map(drop)
}

/// Changes one.
pub async fn update(tx: &mut Tx, hook: &Hook) -> Result<()> {
    let sql = "UPDATE hook_automations SET url = ?, secret = ?, old_secret = ?, old_until = ? WHERE name = ?";
    let values = args![&hook.url, &hook.secret, &hook.old_secret, hook.old_until, &hook.name];
    tx.exec(sql, values).await.map(drop)
}

/// Deletes one, and the automation that it is.
pub async fn delete(tx: &mut Tx, name: &str) -> Result<()> {
    tx.exec("DELETE FROM hook_automations WHERE name = ?", args![name]).await?;
    tx.exec("DELETE FROM automation_rules WHERE name = ?", args![name]).await?;
    tx.exec("DELETE FROM automations WHERE name = ?", args![name]).await.map(drop)
}
