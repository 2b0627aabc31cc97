//! How automations are used, where an admin has said so; others have the defaults.

use crate::automation;
use crate::error::{Error, Result};
use crate::row::Row;
use crate::tx::Tx;
use crate::value::args;
use sqlx::AssertSqlSafe;
use std::collections::HashMap;
use switchboard_domain::automation::{Automation, is_name};
use switchboard_domain::automation_rules::Outside;
use switchboard_domain::{AutomationHours, AutomationRules, ConversationId, TeamId};

macro_rules! columns {
    () => {
        "name, concurrency, handoff_team, hours, hours_team, hours_closed, outside"
    };
}

/// Those of an automation and of its rules.
macro_rules! both {
    () => {
        "a.name, a.title, a.description, a.active, a.public, a.deadline_ms, a.last_error, a.last_error_at, \
         a.created_at, r.concurrency, r.handoff_team, r.hours, r.hours_team, r.hours_closed, r.outside"
    };
}

fn read(row: &mut Row<'_>) -> Result<(String, AutomationRules)> {
    let name = row.text()?;
    let concurrency = row.int()?;
    Ok((name, rest(row, concurrency)?))
}

/// Both, of an automation that may have no rules.
fn read_both(row: &mut Row<'_>) -> Result<(Automation, AutomationRules)> {
    let automation = automation::read(row)?;
    let rules = match row.maybe_int()? {
        Some(concurrency) => rest(row, concurrency)?,
        None => AutomationRules::default(),
    };
    Ok((automation, rules))
}

/// What follows the concurrency.
fn rest(row: &mut Row<'_>, concurrency: i64) -> Result<AutomationRules> {
    let spoilt = |what: &str| Error::Other(format!("spoilt {what} of an automation are stored"));
    let handoff_team = row.maybe_parse()?;
    let own = row.maybe_str()?.map(serde_json::from_str).transpose().map_err(|_| spoilt("hours"))?;
    let (team, closed): (Option<TeamId>, bool) = (row.maybe_parse()?, row.flag()?);
    let hours = match (own, team, closed) {
        (Some(own), ..) => AutomationHours::Own(own),
        (None, Some(team), false) => AutomationHours::Team(team),
        (None, Some(team), true) => AutomationHours::TeamClosed(team),
        (None, None, _) => AutomationHours::Always,
    };
    let outside = Outside::named(&row.text()?).ok_or_else(|| spoilt("rules"))?;
    Ok(AutomationRules { concurrency, handoff_team, hours, outside })
}

/// An automation and its rules, in one statement.
pub async fn with_automation(tx: &mut Tx, name: &str) -> Result<Option<(Automation, AutomationRules)>> {
    if !is_name(name) {
        return Ok(None);
    }
    let sql = concat!(
        "SELECT ",
        both!(),
        " FROM automations a LEFT JOIN automation_rules r ON r.name = a.name WHERE a.name = ?"
    );
    tx.first(sql, args![name], read_both).await
}

/// What a turn is looked up with beside its automation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// The version with which new runs begin, when the automation is a guide; 0 for none.
    pub guide: Option<i64>,
    /// What the automation's last reply in this stay asked to be given back.
    pub state: Option<String>,
}

/// The same with what a turn needs beside it, still in one statement: a turn of an automation that is no guide and keeps
/// no state pays two look-ups of keys that are not there.
pub async fn for_turn(
    tx: &mut Tx,
    name: &str,
    conversation: &ConversationId,
    fence: i64,
) -> Result<Option<(Automation, AutomationRules, Beside)>> {
    if !is_name(name) {
        return Ok(None);
    }
    // What was kept under another fence belongs to another stay.
    let sql = concat!(
        "SELECT g.published, s.state, ",
        both!(),
        " ",
        "FROM automations a LEFT JOIN automation_rules r ON r.name = a.name ",
        "LEFT JOIN guides g ON g.name = a.name ",
        "LEFT JOIN automation_states s ON s.conversation_id = ? AND s.fence = ? WHERE a.name = ?"
    );
    let read = |row: &mut Row<'_>| {
        let beside = Beside { guide: row.maybe_int()?, state: row.maybe_text()? };
        let (automation, rules) = read_both(row)?;
        Ok((automation, rules, beside))
    };
    tx.first(sql, args![conversation, fence, name], read).await
}

/// An automation's.
pub async fn get(tx: &mut Tx, name: &str) -> Result<AutomationRules> {
    if !is_name(name) {
        return Ok(AutomationRules::default());
    }
    let sql = concat!("SELECT ", columns!(), " FROM automation_rules WHERE name = ?");
    Ok(tx.first(sql, args![name], read).await?.map(|(_, rules)| rules).unwrap_or_default())
}

/// All that differ from the defaults, at most `limit`.
pub async fn all(tx: &mut Tx, limit: i64) -> Result<HashMap<String, AutomationRules>> {
    let sql = concat!("SELECT ", columns!(), " FROM automation_rules ORDER BY name LIMIT ?");
    Ok(tx.list(sql, args![limit], read).await?.into_iter().collect())
}

/// Writes an automation's.
pub async fn set(tx: &mut Tx, name: &str, rules: &AutomationRules) -> Result<()> {
    let own = match &rules.hours {
        AutomationHours::Own(hours) => Some(hours),
        _ => None,
    };
    let own = own.map(serde_json::to_string).transpose();
    let own = own.map_err(|problem| Error::Other(format!("hours cannot be written: {problem}")))?;
    let closed = i64::from(matches!(rules.hours, AutomationHours::TeamClosed(_)));
    let (handoff, asks) = (rules.handoff_team.as_ref(), rules.asks_team());
    let changed = ["concurrency", "handoff_team", "hours", "hours_team", "hours_closed", "outside"];
    let upsert = tx.dialect().upsert("name", &changed);
    let sql = format!(
        concat!("INSERT INTO automation_rules (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?, ?){}"),
        upsert
    );
    let outside = rules.outside.as_str();
    let (handoff, asks) = (handoff.map(TeamId::as_str), asks.map(TeamId::as_str));
    tx.exec(AssertSqlSafe(sql), args![name, rules.concurrency, handoff, &own, asks, closed, outside])
        .await
        .map(drop)
}

/// Forgets a team that is deleted: what is handed over is everybody's then, and its hours are nobody's.
pub async fn forget_team(tx: &mut Tx, team: &TeamId) -> Result<()> {
    let sql = "UPDATE automation_rules SET handoff_team = NULL WHERE handoff_team = ?";
    tx.exec(sql, args![team]).await?;
    let sql = "UPDATE automation_rules SET hours_team = NULL, hours_closed = 0 WHERE hours_team = ?";
    tx.exec(sql, args![team]).await.map(drop)
}
