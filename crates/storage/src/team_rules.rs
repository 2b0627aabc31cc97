//! How teams work, where an admin has said so; other teams have the defaults.

use crate::error::{Error, Result};
use crate::row::Row;
use crate::tx::Tx;
use crate::value::args;
use sqlx::AssertSqlSafe;
use std::collections::HashMap;
use switchboard_domain::team::Overflow;
use switchboard_domain::{TeamId, TeamRules};

macro_rules! columns {
    () => {
        "team_id, hours, widen_s, silent_s, overflow_team, overflow_s"
    };
}

fn read(row: &mut Row<'_>) -> Result<(TeamId, TeamRules)> {
    let team = row.parse()?;
    let hours = row.maybe_str()?.map(serde_json::from_str).transpose();
    let hours = hours.map_err(|problem| Error::Other(format!("spoilt hours are stored: {problem}")))?;
    let (widen_s, silent_s) = (row.int()?, row.int()?);
    let (helper, after_s) = (row.maybe_parse()?, row.int()?);
    let overflow = helper.map(|team| Overflow { team, after_s });
    Ok((team, TeamRules { hours, widen_s, silent_s, overflow }))
}

/// A team's.
pub async fn get(tx: &mut Tx, team: &TeamId) -> Result<TeamRules> {
    let sql = concat!("SELECT ", columns!(), " FROM team_rules WHERE team_id = ?");
    Ok(tx.first(sql, args![team], read).await?.map(|(_, rules)| rules).unwrap_or_default())
}

/// All that differ from the defaults, at most `limit`.
pub async fn all(tx: &mut Tx, limit: i64) -> Result<HashMap<TeamId, TeamRules>> {
    let sql = concat!("SELECT ", columns!(), " FROM team_rules ORDER BY team_id LIMIT ?");
    Ok(tx.list(sql, args![limit], read).await?.into_iter().collect())
}

/// Writes a team's.
pub async fn set(tx: &mut Tx, team: &TeamId, rules: &TeamRules) -> Result<()> {
    let hours = rules.hours.as_ref().map(serde_json::to_string).transpose();
    let hours = hours.map_err(|problem| Error::Other(format!("hours cannot be written: {problem}")))?;
    let helper = rules.overflow.as_ref().map(|overflow| overflow.team.as_str());
    let after_s = rules.overflow.as_ref().map_or(0, |overflow| overflow.after_s);
    let changed = ["hours", "widen_s", "silent_s", "overflow_team", "overflow_s"];
    let upsert = tx.dialect().upsert("team_id", &changed);
    let sql =
        format!(concat!("INSERT INTO team_rules (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?){}"), upsert);
    tx.exec(AssertSqlSafe(sql), args![team, &hours, rules.widen_s, rules.silent_s, helper, after_s])
        .await
        .map(drop)
}

/// Forgets a team that is deleted: its own, and that it helps others out.
pub async fn forget(tx: &mut Tx, team: &TeamId) -> Result<()> {
    tx.exec("DELETE FROM team_rules WHERE team_id = ?", args![team]).await?;
    let sql = "UPDATE team_rules SET overflow_team = NULL, overflow_s = 0 WHERE overflow_team = ?";
    tx.exec(sql, args![team]).await.map(drop)
}
