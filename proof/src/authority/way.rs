//! The ways to deactivate an agent, and what is known the moment it is done.

use std::time::Instant;

use anyhow::Context;
use serde_json::json;
use switchboard_testkit::{Database, Staff};

/// How an agent is deactivated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// An admin presses the button.
    Program,
    /// Somebody changes the row.
    Row,
    /// Somebody deletes the row.
    Gone,
}

/// How the bus is meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BusIs {
    /// As it should be.
    Up,
    /// Away.
    Killed,
    /// Connected, and nothing moves.
    Frozen,
}

/// An agent's deactivation, committed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Done {
    /// Before the statement or call was sent.
    pub(super) asked: Instant,
    /// When it was known to be committed.
    pub(super) known: Instant,
    /// The agent's entries then: by SQL counted in the very transaction, by the program right after its answer.
    pub(super) entries: u64,
}

impl Way {
    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Row => "row",
            Self::Gone => "gone",
        }
    }

    /// In words.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Program => "by the program",
            Self::Row => "SQL: UPDATE",
            Self::Gone => "SQL: DELETE",
        }
    }

    /// Deactivates or deletes an agent, who writes into these conversations.
    pub(super) async fn carry_out(
        self,
        database: &Database,
        admin: &Staff,
        agent: &str,
        conversations: &[&str],
    ) -> anyhow::Result<Done> {
        let count = count(agent, conversations);
        let change = match self {
            Self::Program => {
                let asked = Instant::now();
                let path = format!("/agents/{agent}");
                admin.http.patch(&path, json!({ "active": false })).await?.expect(200)?;
                let known = Instant::now();
                return Ok(Done { asked, known, entries: number(&sql(database, count).await?)? });
            }
            Self::Row => format!("UPDATE accounts SET active = 0 WHERE id = '{agent}'"),
            Self::Gone => format!("DELETE FROM accounts WHERE id = '{agent}'"),
        };
        let begin = match database {
            Database::Sqlite(_) => "BEGIN IMMEDIATE",
            Database::MariaDb(..) => "START TRANSACTION",
        };
        let asked = Instant::now();
        let said = sql(database, format!("{begin}; {change}; {count}; COMMIT;")).await?;
        Ok(Done { asked, known: Instant::now(), entries: number(&said)? })
    }
}

/// How many entries an agent has written.
pub(super) async fn entries(database: &Database, agent: &str, conversations: &[&str]) -> anyhow::Result<u64> {
    number(&sql(database, count(agent, conversations)).await?)
}

fn count(agent: &str, conversations: &[&str]) -> String {
    let ids: Vec<String> = conversations.iter().map(|id| format!("'{id}'")).collect();
    format!(
        "SELECT COUNT(*) FROM entries WHERE conversation_id IN ({}) AND author_kind = 'agent' AND author_id = '{agent}' \
         AND kind <> 'event'",
        ids.join(", ")
    )
}

fn number(said: &str) -> anyhow::Result<u64> {
    said.trim().parse().with_context(|| format!("no number: {said:?}"))
}

/// Statements, in the database's own client, beside everything else.
pub(super) async fn sql(database: &Database, statements: String) -> anyhow::Result<String> {
    let database = database.clone();
    tokio::task::spawn_blocking(move || database.sql(&statements)).await?
}
