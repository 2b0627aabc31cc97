//! Automations: seen on the bus or built in, active when an admin says so.

use crate::error::Result;
use crate::limits;
use crate::many;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{Value, args, is_plain};
use sqlx::AssertSqlSafe;
use switchboard_domain::Millis;
use switchboard_domain::automation::{Automation, is_name};

macro_rules! columns {
    () => {
        "name, title, description, active, public, deadline_ms, last_error, last_error_at, created_at"
    };
}

pub(crate) fn read(row: &mut Row<'_>) -> Result<Automation> {
    Ok(Automation {
        name: row.text()?,
        title: row.text()?,
        description: row.text()?,
        active: row.flag()?,
        public: row.flag()?,
        deadline_ms: row.int()?,
        last_error: row.maybe_text()?,
        last_error_at: row.maybe_int()?,
        created_at: row.int()?,
    })
}

/// The automation of this name.
pub async fn get(tx: &mut Tx, name: &str) -> Result<Option<Automation>> {
    if !is_name(name) {
        return Ok(None);
    }
    tx.first(concat!("SELECT ", columns!(), " FROM automations WHERE name = ?"), args![name], read).await
}

/// The same, locked in share mode: nobody deactivates it before the commit.
pub async fn share(tx: &mut Tx, name: &str) -> Result<Option<Automation>> {
    if !is_name(name) {
        return Ok(None);
    }
    let sql =
        format!(concat!("SELECT ", columns!(), " FROM automations WHERE name = ?{}"), tx.dialect().share());
    tx.first(AssertSqlSafe(sql), args![name], read).await
}

/// The same, locked for changing it: whoever is about to be given to it waits.
pub async fn lock(tx: &mut Tx, name: &str) -> Result<Option<Automation>> {
    let sql =
        format!(concat!("SELECT ", columns!(), " FROM automations WHERE name = ?{}"), tx.dialect().update());
    tx.first(AssertSqlSafe(sql), args![name], read).await
}

/// The automations by name, from the one after `after`.
pub async fn list(tx: &mut Tx, after: Option<&str>, limit: i64) -> Result<Vec<Automation>> {
    let after = after.unwrap_or_default();
    if !is_plain(after) {
        return Ok(Vec::new());
    }
    let sql = concat!("SELECT ", columns!(), " FROM automations WHERE name > ? ORDER BY name LIMIT ?");
    tx.list(sql, args![after, limit], read).await
}

/// Those of these names that there are, in no order.
pub async fn named(tx: &mut Tx, names: &[&str]) -> Result<Vec<Automation>> {
    let mut found = Vec::with_capacity(names.len());
    for chunk in names.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(|name| (*name).into()).collect();
        let places = many::places(many::pad(&mut values, 1));
        let sql = format!(concat!("SELECT ", columns!(), " FROM automations WHERE name IN ({})"), places);
        found.extend(tx.list(AssertSqlSafe(sql), &values, read).await?);
    }
    Ok(found)
}

/// Adds an automation unless one of that name is there, whose title and description are brought up to date; what an
/// admin decided stays. Answers whether it was added.
pub async fn seen(tx: &mut Tx, automation: &Automation) -> Result<bool> {
    let sql = format!(
        concat!("{}automations (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        tx.dialect().insert_missing()
    );
    let values = args![
        &automation.name,
        &automation.title,
        &automation.description,
        automation.active,
        automation.public,
        automation.deadline_ms,
        &automation.last_error,
        automation.last_error_at,
        automation.created_at,
    ];
    if tx.exec(AssertSqlSafe(sql), values).await? > 0 {
        return Ok(true);
    }
    let sql = "UPDATE automations SET title = ?, description = ? WHERE name = ? AND (title <> ? OR description <> ?)";
    let (title, description) = (&automation.title, &automation.description);
    tx.exec(sql, args![title, description, &automation.name, title, description]).await?;
    Ok(false)
}

/// What an admin may change; what is `None` stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct Change {
    /// Whether it answers at all.
    pub active: Option<bool>,
    /// Whether visitors may start with it.
    pub public: Option<bool>,
    /// How long one attempt may take, in milliseconds.
    pub deadline_ms: Option<Millis>,
}

/// Changes an automation; answers whether it is there.
pub async fn update(tx: &mut Tx, name: &str, change: Change) -> Result<bool> {
    if !is_name(name) {
        return Ok(false);
    }
    let sql = "UPDATE automations SET active = COALESCE(?, active), public = COALESCE(?, public), \
               deadline_ms = COALESCE(?, deadline_ms) WHERE name = ?";
    let values = args![change.active.map(i64::from), change.public.map(i64::from), change.deadline_ms, name];
    Ok(tx.exec(sql, values).await? > 0)
}

/// Notes what went wrong last; at most 500 characters are kept.
pub async fn failed(tx: &mut Tx, name: &str, error: &str, now: Millis) -> Result<()> {
    /// Characters of the column.
    const ERROR_CHARS: usize = 500;
    let error: String = error.chars().take(ERROR_CHARS).collect();
    let sql = "UPDATE automations SET last_error = ?, last_error_at = ? WHERE name = ?";
    tx.exec(sql, args![&error, now, name]).await.map(drop)
}
