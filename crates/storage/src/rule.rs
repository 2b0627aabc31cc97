//! Rules, in the order in which they are looked at.

use crate::error::{Error, Result};
use crate::row::Row;
use crate::tx::Tx;
use crate::value::args;
use serde::{Deserialize, Serialize};
use sqlx::AssertSqlSafe;
use switchboard_domain::RuleId;
use switchboard_domain::rule::{Action, Condition, Rule, Trigger};

/// What a rule is besides its name and whether it is on.
#[derive(Serialize, Deserialize)]
struct Body {
    trigger: Trigger,
    conditions: Vec<Condition>,
    actions: Vec<Action>,
    stop: bool,
}

fn body(rule: &Rule) -> Result<String> {
    let Rule { trigger, conditions, actions, stop, .. } = rule.clone();
    let body = Body { trigger, conditions, actions, stop };
    serde_json::to_string(&body)
        .map_err(|problem| Error::Other(format!("a rule cannot be written: {problem}")))
}

/// None for one that cannot be read, by a hand or a newer program: it must not keep the others from being read.
fn read(row: &mut Row<'_>) -> Result<Option<Rule>> {
    let (id, name, on, since) = (row.parse()?, row.text()?, row.flag()?, row.int()?);
    let Ok(body) = serde_json::from_str(row.str()?) else { return Ok(None) };
    let Body { trigger, conditions, actions, stop } = body;
    Ok(Some(Rule { id, name, on, trigger, conditions, actions, stop, since }))
}

/// The one of this id, locked for changing it until the commit.
pub async fn lock(tx: &mut Tx, id: &RuleId) -> Result<Option<Rule>> {
    let lock = tx.dialect().update();
    let sql = format!("SELECT id, name, is_on, updated_at, body FROM rules WHERE id = ?{lock}");
    Ok(tx.first(AssertSqlSafe(sql), args![id], read).await?.flatten())
}

/// The name of the one of this id, whether or not the rest of it can be read; locked for changing it until the commit.
pub async fn lock_name(tx: &mut Tx, id: &RuleId) -> Result<Option<String>> {
    let sql = format!("SELECT name FROM rules WHERE id = ?{}", tx.dialect().update());
    tx.first(AssertSqlSafe(sql), args![id], |row| row.text()).await
}

/// All that can be read, in order, at most `limit` and those of the first places.
pub async fn all(tx: &mut Tx, limit: i64) -> Result<Vec<Rule>> {
    let sql = "SELECT id, name, is_on, updated_at, body FROM rules ORDER BY place, id LIMIT ?";
    Ok(tx.list(sql, args![limit], read).await?.into_iter().flatten().collect())
}

/// The one of this id.
pub async fn get(tx: &mut Tx, id: &RuleId) -> Result<Option<Rule>> {
    let sql = "SELECT id, name, is_on, updated_at, body FROM rules WHERE id = ?";
    Ok(tx.first(sql, args![id], read).await?.flatten())
}

/// How many there are, those that cannot be read too.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    Ok(tx.first("SELECT COUNT(*) FROM rules", &[], |row| row.int()).await?.unwrap_or_default())
}

/// Adds one behind all others; its `since` is when that was.
///
/// # Errors
/// [`Error::Conflict`] when there is one of this id.
pub async fn insert(tx: &mut Tx, rule: &Rule) -> Result<()> {
    let last = tx.first("SELECT COALESCE(MAX(place), 0) FROM rules", &[], |row| row.int()).await?;
    let place = last.unwrap_or_default().saturating_add(1);
    let sql = "INSERT INTO rules (id, place, name, is_on, body, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)";
    tx.exec(sql, args![&rule.id, place, &rule.name, rule.on, &body(rule)?, rule.since, rule.since])
        .await
        .map(drop)
}

/// Changes one, its `since` too; answers whether it is there.
pub async fn update(tx: &mut Tx, rule: &Rule) -> Result<bool> {
    let sql = "UPDATE rules SET name = ?, is_on = ?, body = ?, updated_at = ? WHERE id = ?";
    Ok(tx.exec(sql, args![&rule.name, rule.on, &body(rule)?, rule.since, &rule.id]).await? > 0)
}

/// Puts them in this order; those not named stay behind them if they stood there.
pub async fn order(tx: &mut Tx, ids: &[RuleId]) -> Result<()> {
    for (place, id) in (1_i64..).zip(ids) {
        tx.exec("UPDATE rules SET place = ? WHERE id = ?", args![place, id]).await?;
    }
    Ok(())
}

/// Deletes one; answers whether it was there. What became of it stays in the history.
pub async fn delete(tx: &mut Tx, id: &RuleId) -> Result<bool> {
    Ok(tx.exec("DELETE FROM rules WHERE id = ?", args![id]).await? > 0)
}
