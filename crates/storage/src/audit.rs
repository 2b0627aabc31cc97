//! The audit log: who did what to whom. Rows are only added.

use crate::error::Result;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{args, is_plain};
use switchboard_domain::Millis;

/// One line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Sorts by time.
    pub id: String,
    /// When.
    pub at: Millis,
    /// The actor's account id; none for whoever could not sign in, for the command line and for Switchboard itself.
    pub actor_id: Option<String>,
    /// The actor's name as it was.
    pub actor_name: String,
    /// The actor's role as it was, or `system`; at most 16 characters.
    pub actor_role: String,
    /// What was done; at most 64 characters.
    pub action: String,
    /// What kind of thing it was done to, for accounts their role; at most 32 characters.
    pub target_kind: String,
    /// Its id, if it has one; at most 64 characters.
    pub target_id: Option<String>,
    /// Its name as it was.
    pub target_name: String,
    /// More about it, as JSON.
    pub detail: String,
    /// Where from.
    pub address: Option<String>,
}

/// How much of the log is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    All,
    /// What admins and agents did to agents and what agents work with; nothing by or about super admins, nothing
    /// about admins.
    AgentsAndBelow,
}

macro_rules! columns {
    () => {
        "id, at, actor_id, actor_name, actor_role, action, target_kind, target_id, target_name, detail, address"
    };
}

fn read(row: &mut Row<'_>) -> Result<Record> {
    Ok(Record {
        id: row.text()?,
        at: row.int()?,
        actor_id: row.maybe_text()?,
        actor_name: row.text()?,
        actor_role: row.text()?,
        action: row.text()?,
        target_kind: row.text()?,
        target_id: row.maybe_text()?,
        target_name: row.text()?,
        detail: row.text()?,
        address: row.maybe_text()?,
    })
}

/// Adds a line.
pub async fn insert(tx: &mut Tx, record: &Record) -> Result<()> {
    let sql = concat!("INSERT INTO audit (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    tx.exec(
        sql,
        args![
            &record.id,
            record.at,
            &record.actor_id,
            &record.actor_name,
            &record.actor_role,
            &record.action,
            &record.target_kind,
            &record.target_id,
            &record.target_name,
            &record.detail,
            &record.address,
        ],
    )
    .await
    .map(drop)
}

/// The log, newest first, from the line before `before` (an id).
pub async fn list(tx: &mut Tx, scope: Scope, before: Option<&str>, limit: i64) -> Result<Vec<Record>> {
    // Behind every id.
    let before = before.unwrap_or("~");
    if !is_plain(before) {
        return Ok(Vec::new());
    }
    let sql = match scope {
        Scope::All => concat!("SELECT ", columns!(), " FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?"),
        Scope::AgentsAndBelow => concat!(
            "SELECT ",
            columns!(),
            " FROM audit WHERE id < ? AND actor_role <> 'super_admin' \
             AND target_kind NOT IN ('super_admin', 'admin') ORDER BY id DESC LIMIT ?"
        ),
    };
    tx.list(sql, args![before, limit], read).await
}
