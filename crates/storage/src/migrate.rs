//! Bringing the schema to this version: numbered, additive steps, the same names for both databases, under a lock.

use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::limits;
use crate::store::Store;
use crate::tx::Tx;
use crate::value::args;
use crate::{meta, team};
use sqlx::AssertSqlSafe;
use std::time::{Duration, Instant};
use switchboard_domain::{Millis, Rng, TeamId, limits::DEFAULT_ANSWER_MS};
use switchboard_faults::{self as faults, Point};

/// A step; its number is its place, from 1.
struct Step {
    name: &'static str,
    sqlite: &'static str,
    mysql: &'static str,
}

macro_rules! step {
    ($name:literal) => {
        Step {
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            mysql: include_str!(concat!("../migrations/mysql/", $name, ".sql")),
        }
    };
}

const STEPS: [Step; 16] = [
    step!("0001_staff"),
    step!("0002_conversations"),
    step!("0003_automations_audit"),
    step!("0004_desk"),
    step!("0005_reports"),
    step!("0006_guests"),
    step!("0007_files"),
    step!("0008_routing"),
    step!("0009_search"),
    step!("0010_desk_people"),
    step!("0011_automation_settings"),
    step!("0012_hooks"),
    step!("0013_webhooks"),
    step!("0014_articles"),
    step!("0015_guides"),
    step!("0016_identity_mail"),
];

/// A database may have tables of others beside ours, but not under our names.
const TABLES: [&str; 46] = [
    "accounts",
    "agent_skills",
    "article_votes",
    "articles",
    "audit",
    "automation_rules",
    "automation_states",
    "automations",
    "banned_visitors",
    "bans",
    "canned_replies",
    "conversation_facts",
    "conversation_tags",
    "conversations",
    "entries",
    "file_chunks",
    "files",
    "guide_versions",
    "guides",
    "hook_automations",
    "identities",
    "identity_keys",
    "known_agents",
    "lost_teams",
    "mail_links",
    "mail_stops",
    "mails",
    "mentions",
    "meta",
    "presence",
    "read_positions",
    "saved_views",
    "search_lines",
    "search_marks",
    "search_words",
    "sessions",
    "switchboard_schema",
    "team_members",
    "team_rules",
    "teams",
    "visitor_details",
    "visitor_tokens",
    "visitors",
    "watches",
    "webhook_deliveries",
    "webhooks",
];

const VERSIONS: &str = "CREATE TABLE IF NOT EXISTS switchboard_schema (version BIGINT NOT NULL, name VARCHAR(80) NOT NULL, \
                        PRIMARY KEY (version))";

/// The name of the team that every installation starts with.
pub const FIRST_TEAM: &str = "General";

/// How a schema stands to this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schema {
    /// Nothing of ours is there.
    Empty,
    /// It is this version's.
    Current,
    /// It is an older version's, or a migration was cut short; [`Store::migrate`] completes it.
    Older(usize),
    /// It is a newer version's, or not ours; the text says what to do.
    Refused(String),
}

impl Store {
    /// How the schema stands to this program.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn schema(&self) -> Result<Schema> {
        state(&mut self.read().await?).await
    }

    /// Brings the schema to this version and makes what every installation has: an epoch, and the team "General"
    /// when the database was empty. Any number of starters may call it at once; they wait for each other. Answers
    /// the number of steps that were taken, 0 when all was well.
    ///
    /// # Errors
    /// [`Error::Schema`] for a newer or foreign schema, which is left as it is.
    pub async fn migrate(&self, now: Millis, rng: &dyn Rng) -> Result<usize> {
        match self.schema().await? {
            Schema::Current => return Ok(0),
            Schema::Refused(why) => return Err(Error::Schema(why)),
            Schema::Empty | Schema::Older(_) => {}
        }
        match self.dialect() {
            Dialect::Sqlite => self.migrate_sqlite(now, rng).await,
            Dialect::MySql => self.migrate_mysql(now, rng).await,
        }
    }

    /// The same for an empty database; refuses one of another version (`su` does not upgrade a running system).
    ///
    /// # Errors
    /// As [`Store::migrate`], and [`Error::Schema`] for an older schema.
    pub async fn migrate_if_empty(&self, now: Millis, rng: &dyn Rng) -> Result<usize> {
        if let Schema::Older(version) = self.settled().await? {
            let latest = STEPS.len();
            return Err(Error::Schema(format!(
                "the database has schema {version}, this program has {latest}: run `switchboard migrate` first"
            )));
        }
        self.migrate(now, rng).await
    }

    /// The schema once nobody is in the middle of making it: a starter that runs beside us takes a moment.
    async fn settled(&self) -> Result<Schema> {
        for _ in 0..20 {
            match self.schema().await? {
                Schema::Older(_) => tokio::time::sleep(Duration::from_millis(100)).await,
                settled => return Ok(settled),
            }
        }
        self.schema().await
    }

    /// SQLite knows transactions around DDL: all or nothing.
    async fn migrate_sqlite(&self, now: Millis, rng: &dyn Rng) -> Result<usize> {
        let give_up = Instant::now() + limits::MIGRATION;
        let mut tx = loop {
            match self.write().await {
                Err(Error::Busy(_)) if Instant::now() < give_up => {}
                begun => break begun?,
            }
        };
        let taken = advance(&mut tx, now, rng).await?;
        faults::at(Point::MigrateCommitBefore);
        tx.commit().await?;
        faults::at(Point::MigrateCommitAfter);
        Ok(taken)
    }

    /// MySQL commits every DDL statement by itself; each is written so that it may run twice.
    async fn migrate_mysql(&self, now: Millis, rng: &dyn Rng) -> Result<usize> {
        let give_up = Instant::now() + limits::MIGRATION;
        let mut tx = self.lane().await?;
        while tx.first(LOCK, &[], |row| row.int()).await? != Some(1) {
            if Instant::now() > give_up {
                return Err(Error::Busy(
                    "another process has been migrating this database for too long".into(),
                ));
            }
        }
        let taken = advance(&mut tx, now, rng).await;
        // The lock goes with the connection, too, so a failure here changes nothing.
        let _ = tx.first(UNLOCK, &[], |row| row.int()).await;
        taken
    }
}

const LOCK: &str = "SELECT GET_LOCK(CONCAT('switchboard.m.', LEFT(SHA2(DATABASE(), 256), 32)), 3)";
const UNLOCK: &str = "SELECT RELEASE_LOCK(CONCAT('switchboard.m.', LEFT(SHA2(DATABASE(), 256), 32)))";

async fn state(tx: &mut Tx) -> Result<Schema> {
    let tables = tx.list(tx.dialect().tables(), &[], |row| row.text()).await?;
    let is_ours = |name: &&String| TABLES.contains(&name.as_str());
    if !tables.iter().any(|name| name == "switchboard_schema") {
        return Ok(match tables.iter().find(is_ours) {
            None => Schema::Empty,
            Some(table) => Schema::Refused(format!(
                "this database has a table {table} that is not Switchboard's: name an empty database"
            )),
        });
    }
    let sql = "SELECT version, name FROM switchboard_schema ORDER BY version";
    let applied = tx.list(sql, &[], |row| Ok((row.int()?, row.text()?))).await?;
    for (place, (version, name)) in applied.iter().enumerate() {
        match STEPS.get(place) {
            None => {
                return Ok(Schema::Refused(format!(
                    "the database has schema {version} ({name}), newer than this program's {}: run the newer program",
                    STEPS.len()
                )));
            }
            Some(step) if *name != step.name || usize::try_from(*version) != Ok(place + 1) => {
                return Ok(Schema::Refused(format!(
                    "the database has schema {version} ({name}), which this program does not know: run the program \
                     that made it, or name an empty database"
                )));
            }
            Some(_) => {}
        }
    }
    // The epoch is written last, so without it a migration was cut short.
    if applied.len() == STEPS.len() && meta::get(tx, meta::EPOCH).await?.is_some() {
        return Ok(Schema::Current);
    }
    Ok(Schema::Older(applied.len()))
}

/// Takes the steps that are missing. Somebody else may have taken them while we waited for the lock.
async fn advance(tx: &mut Tx, now: Millis, rng: &dyn Rng) -> Result<usize> {
    let from = match state(tx).await? {
        Schema::Current => return Ok(0),
        Schema::Refused(why) => return Err(Error::Schema(why)),
        Schema::Empty => 0,
        Schema::Older(version) => version,
    };
    tx.ddl(VERSIONS, limits::MIGRATION).await?;
    for (place, step) in STEPS.iter().enumerate().skip(from) {
        let text = match tx.dialect() {
            Dialect::Sqlite => step.sqlite,
            Dialect::MySql => step.mysql,
        };
        faults::at(Point::MigrateStepBefore);
        for statement in text.split(";\n").filter(|statement| !statement.trim().is_empty()) {
            tx.ddl(statement, limits::MIGRATION).await?;
        }
        let version = i64::try_from(place + 1).unwrap_or(i64::MAX);
        tx.exec("INSERT INTO switchboard_schema (version, name) VALUES (?, ?)", args![version, step.name])
            .await?;
        faults::at(Point::MigrateStepAfter);
    }
    if meta::get(tx, meta::EPOCH).await?.is_none() {
        let id = TeamId::random(rng);
        let sql = format!("{}teams ({}) VALUES (?, ?, ?, ?)", tx.dialect().insert_missing(), team::COLUMNS);
        tx.exec(AssertSqlSafe(sql), args![&id, FIRST_TEAM, DEFAULT_ANSWER_MS / 1000, now]).await?;
        meta::rotate_epoch(tx, rng).await?;
    }
    Ok(STEPS.len() - from)
}
