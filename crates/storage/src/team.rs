//! Teams of agents.

use crate::error::Result;
use crate::limits;
use crate::many;
use crate::row::Row;
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
