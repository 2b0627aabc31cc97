//! Teams of agents.

use crate::automation_rules;
use crate::error::Result;
use crate::limits;
use crate::many;
use crate::row::Row;
use crate::team_rules;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;
use switchboard_domain::{AccountId, Millis, TeamId};

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name, unique.
    pub name: String,
    /// How long an agent has for the first answer to an assigned conversation, in seconds.
    pub answer_s: i64,
    /// When it was made.
    pub created_at: Millis,
}

pub(crate) const COLUMNS: &str = "id, name, answer_s, created_at";

fn read(row: &mut Row<'_>) -> Result<Team> {
    Ok(Team { id: row.parse()?, name: row.text()?, answer_s: row.int()?, created_at: row.int()? })
}

/// The team of this id.
pub async fn get(tx: &mut Tx, id: &TeamId) -> Result<Option<Team>> {
    tx.first("SELECT id, name, answer_s, created_at FROM teams WHERE id = ?", args![id], read).await
}

/// The teams by name, from the one after `after`.
pub async fn list(tx: &mut Tx, after: Option<&str>, limit: i64) -> Result<Vec<Team>> {
    let sql = "SELECT id, name, answer_s, created_at FROM teams WHERE name > ? ORDER BY name LIMIT ?";
    tx.list(sql, args![after.unwrap_or_default(), limit], read).await
}

/// Adds a team.
///
/// # Errors
/// [`crate::Error::Conflict`] with [`crate::Unique::TeamName`] when the name is taken.
pub async fn insert(tx: &mut Tx, team: &Team) -> Result<()> {
    let sql = "INSERT INTO teams (id, name, answer_s, created_at) VALUES (?, ?, ?, ?)";
    tx.exec(sql, args![&team.id, &team.name, team.answer_s, team.created_at]).await.map(drop)
}

/// Writes name and answer time; answers whether the team is there.
///
/// # Errors
/// As [`insert`].
pub async fn update(tx: &mut Tx, team: &Team) -> Result<bool> {
    let sql = "UPDATE teams SET name = ?, answer_s = ? WHERE id = ?";
    Ok(tx.exec(sql, args![&team.name, team.answer_s, &team.id]).await? > 0)
}

/// Deletes a team, its members and its rules, and notes that its conversations are now `heir`'s, or everybody's; answers
/// whether it was there.
pub async fn delete(tx: &mut Tx, id: &TeamId, heir: Option<&TeamId>) -> Result<bool> {
    tx.exec("DELETE FROM team_members WHERE team_id = ?", args![id]).await?;
    team_rules::forget(tx, id).await?;
    automation_rules::forget_team(tx, id).await?;
    let there = tx.exec("DELETE FROM teams WHERE id = ?", args![id]).await? > 0;
    lose(tx, id, heir).await?;
    Ok(there)
}

async fn lose(tx: &mut Tx, id: &TeamId, heir: Option<&TeamId>) -> Result<()> {
    tx.exec("UPDATE lost_teams SET heir = ? WHERE heir = ?", args![heir.map(TeamId::as_str), id]).await?;
    let sql = format!("{}lost_teams (team_id, heir) VALUES (?, ?)", tx.dialect().insert_missing());
    tx.exec(AssertSqlSafe(sql), args![id, heir.map(TeamId::as_str)]).await.map(drop)
}

/// See [`note_unknown`].
pub(crate) const UNKNOWN: &str = "SELECT d.team_id FROM (SELECT DISTINCT status, team_id FROM conversations \
    WHERE status IN ('open', 'snoozed') AND team_id IS NOT NULL) d LEFT JOIN teams t ON t.id = d.team_id \
    LEFT JOIN lost_teams l ON l.team_id = d.team_id WHERE t.id IS NULL AND l.team_id IS NULL LIMIT ?";

/// Notes the teams that were deleted by hand in SQL and have open conversations: these are everybody's now. At most
/// `limit`; answers how many.
pub async fn note_unknown(tx: &mut Tx, limit: i64) -> Result<usize> {
    let unknown: Vec<TeamId> = tx.list(UNKNOWN, args![limit], |row| row.parse()).await?;
    for team in &unknown {
        lose(tx, team, None).await?;
    }
    Ok(unknown.len())
}

/// See [`gone`].
pub(crate) const GONE: &str = "SELECT team_id, heir FROM lost_teams ORDER BY team_id LIMIT ?";

/// Teams that are deleted and may still have conversations, each with the team that gets these. At most `limit`.
pub async fn gone(tx: &mut Tx, limit: i64) -> Result<Vec<(TeamId, Option<TeamId>)>> {
    tx.list(GONE, args![limit], |row| Ok((row.parse()?, row.maybe_parse()?))).await
}

/// Notes that a deleted team has no conversations any more.
pub async fn settled(tx: &mut Tx, team: &TeamId) -> Result<()> {
    tx.exec("DELETE FROM lost_teams WHERE team_id = ?", args![team]).await.map(drop)
}

/// The teams of each of these accounts; accounts without a team are not in the map. Membership of a team that is
/// gone does not count.
pub async fn of_accounts(tx: &mut Tx, accounts: &[AccountId]) -> Result<HashMap<AccountId, Vec<TeamId>>> {
    let mut teams: HashMap<AccountId, Vec<TeamId>> = HashMap::new();
    for chunk in accounts.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
        let places = many::places(many::pad(&mut values, 1));
        let sql = format!(
            "SELECT m.account_id, m.team_id FROM team_members m JOIN teams t ON t.id = m.team_id \
             WHERE m.account_id IN ({places}) ORDER BY m.account_id, m.team_id"
        );
        for (account, team) in
            tx.list(AssertSqlSafe(sql), &values, |row| Ok((row.parse()?, row.parse()?))).await?
        {
            teams.entry(account).or_default().push(team);
        }
    }
    Ok(teams)
}

/// The teams of one account.
pub async fn of_account(tx: &mut Tx, account: &AccountId) -> Result<Vec<TeamId>> {
    Ok(of_accounts(tx, std::slice::from_ref(account)).await?.remove(account).unwrap_or_default())
}

/// How many active agents each team has; teams without any are not in the map.
pub async fn members(tx: &mut Tx) -> Result<HashMap<TeamId, i64>> {
    let sql = "SELECT m.team_id, COUNT(*) FROM team_members m JOIN accounts a ON a.id = m.account_id \
               WHERE a.role = 'agent' AND a.active = 1 GROUP BY m.team_id";
    Ok(tx.list(sql, &[], |row| Ok((row.parse()?, row.int()?))).await?.into_iter().collect())
}

/// Puts an account into exactly these teams. That they exist is the caller's to check.
pub async fn set_of_account(tx: &mut Tx, account: &AccountId, teams: &[TeamId]) -> Result<()> {
    tx.exec("DELETE FROM team_members WHERE account_id = ?", args![account]).await?;
    let mut teams = teams.to_vec();
    teams.sort_unstable();
    teams.dedup();
    for piece in many::pieces(&teams) {
        let values: Vec<Value<'_>> =
            piece.iter().flat_map(|team| [Value::from(team), Value::from(account)]).collect();
        let sql =
            format!("INSERT INTO team_members (team_id, account_id) VALUES {}", many::tuples(piece.len(), 2));
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    Ok(())
}
