//! Guides, their versions, and what automations ask to be given back.

use crate::error::Result;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::args;
use sqlx::AssertSqlSafe;
use switchboard_domain::{ConversationId, Millis};

/// A guide as it is kept; its title and state are its automation's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guide {
    /// The automation's name.
    pub name: String,
    /// The steps that are being worked on, as JSON.
    pub draft: String,
    /// Goes up with every change: of two admins who change the same draft, the second is told.
    pub edition: i64,
    /// The version that new runs begin with; 0 for none.
    pub published: i64,
    /// When it was last changed.
    pub updated_at: Millis,
}

/// A version that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number, from 1.
    pub version: i64,
    /// When it was published.
    pub published_at: Millis,
}

macro_rules! columns {
    () => {
        "name, draft, edition, published, updated_at"
    };
}

fn read(row: &mut Row<'_>) -> Result<Guide> {
    Ok(Guide {
        name: row.text()?,
        draft: row.text()?,
        edition: row.int()?,
        published: row.int()?,
        updated_at: row.int()?,
    })
}

/// The one of this name.
pub async fn get(tx: &mut Tx, name: &str) -> Result<Option<Guide>> {
    tx.first(concat!("SELECT ", columns!(), " FROM guides WHERE name = ?"), args![name], read).await
}

/// The same, locked until the commit.
pub async fn lock(tx: &mut Tx, name: &str) -> Result<Option<Guide>> {
    let lock = tx.dialect().update();
    let sql = format!(concat!("SELECT ", columns!(), " FROM guides WHERE name = ?{}"), lock);
    tx.first(AssertSqlSafe(sql), args![name], read).await
}

/// All, by name, and when what is published was; at most `limit`.
pub async fn list(tx: &mut Tx, limit: i64) -> Result<Vec<(Guide, Option<Millis>)>> {
    let sql = "SELECT g.name, g.draft, g.edition, g.published, g.updated_at, v.published_at FROM guides g \
               LEFT JOIN guide_versions v ON v.name = g.name AND v.version = g.published ORDER BY g.name LIMIT ?";
    tx.list(sql, args![limit], |row| Ok((read(row)?, row.maybe_int()?))).await
}

/// The names of all, at most `limit`.
pub async fn names(tx: &mut Tx, limit: i64) -> Result<Vec<String>> {
    tx.list("SELECT name FROM guides ORDER BY name LIMIT ?", args![limit], |row| row.text()).await
}

/// Whether an automation is a guide.
pub async fn is_one(tx: &mut Tx, name: &str) -> Result<bool> {
    let sql = "SELECT published FROM guides WHERE name = ?";
    Ok(tx.first(sql, args![name], |row| row.int()).await?.is_some())
}

/// Adds one.
pub async fn insert(tx: &mut Tx, guide: &Guide) -> Result<()> {
    let sql = concat!("INSERT INTO guides (", columns!(), ") VALUES (?, ?, ?, ?, ?)");
    let Guide { name, draft, edition, published, updated_at } = guide;
    tx.exec(sql, args![name, draft, *edition, *published, *updated_at]).await.map(drop)
}

/// Writes draft, edition and which version is published.
pub async fn update(tx: &mut Tx, guide: &Guide) -> Result<()> {
    let sql = "UPDATE guides SET draft = ?, edition = ?, published = ?, updated_at = ? WHERE name = ?";
    let Guide { name, draft, edition, published, updated_at } = guide;
    tx.exec(sql, args![draft, *edition, *published, *updated_at, name]).await.map(drop)
}

/// Deletes one with its versions, and the automation that it is.
pub async fn delete(tx: &mut Tx, name: &str) -> Result<()> {
    tx.exec("DELETE FROM guide_versions WHERE name = ?", args![name]).await?;
    tx.exec("DELETE FROM guides WHERE name = ?", args![name]).await?;
    tx.exec("DELETE FROM automation_rules WHERE name = ?", args![name]).await?;
    tx.exec("DELETE FROM automations WHERE name = ?", args![name]).await.map(drop)
}

/// Changes the title of the automation that it is.
pub async fn rename(tx: &mut Tx, name: &str, title: &str) -> Result<()> {
    tx.exec("UPDATE automations SET title = ? WHERE name = ?", args![title, name]).await.map(drop)
}

/// Keeps a version.
pub async fn publish(tx: &mut Tx, name: &str, version: i64, steps: &str, now: Millis) -> Result<()> {
    let sql = "INSERT INTO guide_versions (name, version, steps, published_at) VALUES (?, ?, ?, ?)";
    tx.exec(sql, args![name, version, steps, now]).await.map(drop)
}

/// The versions, newest first, at most `limit`.
pub async fn versions(tx: &mut Tx, name: &str, limit: i64) -> Result<Vec<Version>> {
    let sql = "SELECT version, published_at FROM guide_versions WHERE name = ? ORDER BY version DESC LIMIT ?";
    tx.list(sql, args![name, limit], |row| Ok(Version { version: row.int()?, published_at: row.int()? }))
        .await
}

/// The steps of what is published of each, as JSON: of all that are, at most `limit`.
pub async fn published(tx: &mut Tx, limit: i64) -> Result<Vec<(String, String)>> {
    let sql = "SELECT g.name, v.steps FROM guides g JOIN guide_versions v ON v.name = g.name \
               AND v.version = g.published ORDER BY g.name LIMIT ?";
    tx.list(sql, args![limit], |row| Ok((row.text()?, row.text()?))).await
}

/// The steps of a version, as JSON.
pub async fn version(tx: &mut Tx, name: &str, version: i64) -> Result<Option<String>> {
    let sql = "SELECT steps FROM guide_versions WHERE name = ? AND version = ?";
    tx.first(sql, args![name, version], |row| row.text()).await
}

/// Keeps what is to be given back with the next turn. It belongs to one stay of the conversation with its automation: what
/// was kept under another fence is not told (see [`for_turn`](crate::automation_rules::for_turn)).
pub async fn put_state(tx: &mut Tx, conversation: &ConversationId, fence: i64, state: &str) -> Result<()> {
    let upsert = tx.dialect().upsert("conversation_id", &["fence", "state"]);
    let sql =
        format!("INSERT INTO automation_states (conversation_id, fence, state) VALUES (?, ?, ?){upsert}");
    tx.exec(AssertSqlSafe(sql), args![conversation, fence, state]).await.map(drop)
}

/// Forgets it.
pub async fn forget_state(tx: &mut Tx, conversation: &ConversationId) -> Result<()> {
    tx.exec("DELETE FROM automation_states WHERE conversation_id = ?", args![conversation]).await.map(drop)
}
