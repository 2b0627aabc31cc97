//! What agents say about being there.

use crate::error::Result;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::args;
use sqlx::AssertSqlSafe;
use switchboard_domain::{AccountId, Millis, Presence, TeamId};

/// An agent's presence. Whoever has no row is offline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Whose.
    pub account: AccountId,
    /// What.
    pub presence: Presence,
    /// Since when.
    pub since: Millis,
    /// Since when no conversation was handed to this agent; decides ties.
    pub idle_since: Millis,
}

fn read(row: &mut Row<'_>) -> Result<Status> {
    Ok(Status { account: row.parse()?, presence: row.parse()?, since: row.int()?, idle_since: row.int()? })
}

/// An agent's presence.
pub async fn get(tx: &mut Tx, account: &AccountId) -> Result<Option<Status>> {
    let sql = "SELECT account_id, status, since, idle_since FROM presence WHERE account_id = ?";
    tx.first(sql, args![account], read).await
}

/// The same, locked until the commit: whoever is given a conversation does not go offline meanwhile, and is not given
/// two at once beyond the capacity. Lock it after the account and before conversations.
pub async fn lock(tx: &mut Tx, account: &AccountId) -> Result<Option<Status>> {
    let sql = format!(
        "SELECT account_id, status, since, idle_since FROM presence WHERE account_id = ?{}",
        tx.dialect().update()
    );
    tx.first(AssertSqlSafe(sql), args![account], read).await
}

/// Whether an active agent is online: of this team, or any at all.
pub async fn anyone_online(tx: &mut Tx, team: Option<&TeamId>) -> Result<bool> {
    let any = "SELECT 1 FROM presence p JOIN accounts a ON a.id = p.account_id \
               WHERE p.status = 'online' AND a.active = 1 AND a.role = 'agent' LIMIT 1";
    let of_team = "SELECT 1 FROM team_members m JOIN presence p ON p.account_id = m.account_id \
                   JOIN accounts a ON a.id = p.account_id \
                   WHERE m.team_id = ? AND p.status = 'online' AND a.active = 1 AND a.role = 'agent' LIMIT 1";
    let found = match team {
        None => tx.first(any, &[], |row| row.int()).await?,
        Some(team) => tx.first(of_team, args![team], |row| row.int()).await?,
    };
    Ok(found.is_some())
}

/// Everybody who is online or away, has an active agent's account, by account id.
pub async fn present(tx: &mut Tx) -> Result<Vec<Status>> {
    let sql = "SELECT p.account_id, p.status, p.since, p.idle_since FROM presence p \
               JOIN accounts a ON a.id = p.account_id \
               WHERE p.status <> 'offline' AND a.active = 1 AND a.role = 'agent' ORDER BY p.account_id";
    tx.list(sql, &[], read).await
}

/// Writes an agent's presence; `since` and `idle_since` start anew.
pub async fn set(tx: &mut Tx, account: &AccountId, presence: Presence, now: Millis) -> Result<()> {
    let upsert = tx.dialect().upsert("account_id", &["status", "since", "idle_since"]);
    let sql =
        format!("INSERT INTO presence (account_id, status, since, idle_since) VALUES (?, ?, ?, ?){upsert}");
    tx.exec(AssertSqlSafe(sql), args![account, presence.as_str(), now, now]).await.map(drop)
}

/// Notes that a conversation was handed to this agent.
pub async fn handed(tx: &mut Tx, account: &AccountId, now: Millis) -> Result<()> {
    tx.exec("UPDATE presence SET idle_since = ? WHERE account_id = ?", args![now, account]).await.map(drop)
}

/// Forgets the presence of those who are no active agents any more, at most `limit`; answers how many.
pub async fn sweep(tx: &mut Tx, limit: i64) -> Result<usize> {
    let gone = astray(tx, limit).await?;
    for account in &gone {
        delete(tx, account).await?;
    }
    Ok(gone.len())
}

/// See [`astray`].
pub(crate) const ASTRAY: &str = "SELECT p.account_id FROM presence p LEFT JOIN accounts a \
    ON a.id = p.account_id AND a.active = 1 AND a.role = 'agent' \
    WHERE p.status <> 'offline' AND a.id IS NULL ORDER BY p.account_id LIMIT ?";

/// Whose presence is to be forgotten: not offline, and no active agent.
pub async fn astray(tx: &mut Tx, limit: i64) -> Result<Vec<AccountId>> {
    tx.list(ASTRAY, args![limit], |row| row.parse()).await
}

/// See [`unattended`].
pub(crate) const UNATTENDED: &str = "SELECT p.account_id FROM presence p LEFT JOIN sessions s \
    ON s.account_id = p.account_id AND s.ended IS NULL AND s.expires_at > ? AND s.last_seen_at >= ? \
    WHERE p.status <> 'offline' AND s.id IS NULL ORDER BY p.account_id LIMIT ?";

/// Who is not offline without having a session that is good at `now`, if it was used since `idle_before`. At most
/// `limit`.
pub async fn unattended(tx: &mut Tx, now: Millis, idle_before: Millis, limit: i64) -> Result<Vec<AccountId>> {
    tx.list(UNATTENDED, args![now, idle_before, limit], |row| row.parse()).await
}

/// Forgets an agent's presence, with the account.
pub async fn delete(tx: &mut Tx, account: &AccountId) -> Result<()> {
    tx.exec("DELETE FROM presence WHERE account_id = ?", args![account]).await.map(drop)
}
