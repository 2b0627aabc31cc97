//! What became of rules. A run is written in the transaction that does what the rule says, so that whoever comes second
//! (another router, a repeat) finds it there and does nothing.

use crate::error::Result;
use crate::many;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use switchboard_domain::{ConversationId, Millis, RuleId};

/// What became of a rule at one occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id; later ones sort behind. See [`switchboard_domain::EntryId::timed`] for how such ids are made.
    pub id: String,
    /// Which rule.
    pub rule: RuleId,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Of what, see [`switchboard_domain::rule::Occurrence`].
    pub occurrence: String,
    /// Whether it fired.
    pub fired: bool,
    /// Why, and what was done or skipped, as JSON.
    pub detail: String,
    /// When.
    pub at: Millis,
}

/// Which runs a list is of; those of all rules and conversations unless it says otherwise.
#[derive(Debug, Clone, Copy, Default)]
pub struct Of<'a> {
    /// Of this rule.
    pub rule: Option<&'a RuleId>,
    /// Of this conversation.
    pub conversation: Option<&'a ConversationId>,
}

macro_rules! columns {
    () => {
        "id, rule_id, conversation_id, occurrence, fired, detail, at"
    };
}

fn read(row: &mut Row<'_>) -> Result<Run> {
    Ok(Run {
        id: row.text()?,
        rule: row.parse()?,
        conversation: row.parse()?,
        occurrence: row.text()?,
        fired: row.flag()?,
        detail: row.text()?,
        at: row.int()?,
    })
}

/// Writes one down; answers `false`, and does nothing, when the rule was looked at for this occurrence before.
pub async fn record(tx: &mut Tx, run: &Run) -> Result<bool> {
    let Run { id, rule, conversation, occurrence, fired, detail, at } = run;
    let sql = format!(
        concat!("{}rule_runs (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?, ?)"),
        tx.dialect().insert_missing()
    );
    let values = args![id, rule, conversation, occurrence, *fired, detail, *at];
    Ok(tx.exec(AssertSqlSafe(sql), values).await? > 0)
}

/// How many runs a conversation has had.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Rules that fired.
    pub fired: i64,
    /// Rules that were looked at and did not.
    pub unfired: i64,
}

/// How many runs there were in this conversation since then.
pub async fn count_since(tx: &mut Tx, conversation: &ConversationId, since: Millis) -> Result<Count> {
    // Both values are named for the index.
    let sql = "SELECT fired, COUNT(*) FROM rule_runs WHERE conversation_id = ? AND fired IN (0, 1) AND at >= ? \
               GROUP BY fired";
    let found = tx.list(sql, args![conversation, since], |row| Ok((row.flag()?, row.int()?))).await?;
    let of = |wanted| found.iter().find(|(fired, _)| *fired == wanted).map_or(0, |(_, count)| *count);
    Ok(Count { fired: of(true), unfired: of(false) })
}

/// Which of these rules were looked at for this occurrence. They are named so that each is one look into the unique key,
/// however long the conversation's history is.
pub async fn looked_at(
    tx: &mut Tx,
    conversation: &ConversationId,
    occurrence: &str,
    rules: &[RuleId],
) -> Result<Vec<RuleId>> {
    let mut keys: Vec<Value<'_>> = rules.iter().map(Value::from).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let places = many::places(many::pad(&mut keys, 1));
    let mut values: Vec<Value<'_>> = vec![conversation.into(), occurrence.into()];
    values.append(&mut keys);
    let sql = format!(
        "SELECT rule_id FROM rule_runs WHERE conversation_id = ? AND occurrence = ? AND rule_id IN ({places})"
    );
    tx.list(AssertSqlSafe(sql), &values, |row| row.parse()).await
}

/// Newest first, from the one before `before`.
pub async fn list(tx: &mut Tx, of: Of<'_>, before: Option<&str>, limit: i64) -> Result<Vec<Run>> {
    let mut sql = concat!("SELECT ", columns!(), " FROM rule_runs WHERE id < ?").to_owned();
    // Behind every character of an id.
    let mut values: Vec<Value<'_>> = vec![before.unwrap_or("~").into()];
    if let Some(rule) = of.rule {
        sql.push_str(" AND rule_id = ?");
        values.push(rule.into());
    }
    if let Some(conversation) = of.conversation {
        sql.push_str(" AND conversation_id = ?");
        values.push(conversation.into());
    }
    sql.push_str(" ORDER BY id DESC LIMIT ?");
    values.push(limit.into());
    tx.list(AssertSqlSafe(sql), &values, read).await
}

/// Forgets what is older than this, at most `limit` of it; answers how much that was.
pub async fn forget(tx: &mut Tx, before: Millis, limit: i64) -> Result<usize> {
    let sql = "SELECT id FROM rule_runs WHERE at < ? ORDER BY at LIMIT ?";
    let old: Vec<String> = tx.list(sql, args![before, limit], |row| row.text()).await?;
    for id in &old {
        tx.exec("DELETE FROM rule_runs WHERE id = ?", args![id]).await?;
    }
    Ok(old.len())
}
