//! A database of a test, and SQL written into it by hand.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, bail};

use crate::mariadb::MariaDb;
use crate::process::find_program;

/// How long the `sqlite3` client waits for another writer, in milliseconds.
const SQLITE_WAIT_MS: u32 = 10_000;

/// Where a test's data is.
#[derive(Debug, Clone)]
pub enum Database {
    /// A file.
    Sqlite(PathBuf),
    /// A database on a MariaDB server of this run, by its URL.
    MariaDb(Arc<MariaDb>, String),
}

impl Database {
    /// A fresh database on the shared MariaDB.
    ///
    /// # Errors
    /// When MariaDB cannot be started.
    pub fn mariadb() -> anyhow::Result<Self> {
        let server = MariaDb::shared()?;
        let url = server.database()?;
        Ok(Self::MariaDb(server, url))
    }

    /// What `--database` takes.
    #[must_use]
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::MariaDb(_, url) => url.clone(),
        }
    }

    /// Runs statements as an operator would, with the `sqlite3` or `mariadb` program; answers tab-separated rows,
    /// one a line, without headings.
    ///
    /// # Errors
    /// When the client is not installed, or the database refuses; the message is the client's.
    pub fn sql(&self, statements: &str) -> anyhow::Result<String> {
        match self {
            Self::MariaDb(server, url) => server.sql(url.rsplit('/').next().unwrap_or_default(), statements),
            Self::Sqlite(path) => {
                let client = find_program("sqlite3", "sqlite3")?;
                let timeout = format!(".timeout {SQLITE_WAIT_MS}");
                let out = Command::new(client)
                    .args(["-batch", "-separator", "\t", "-cmd", &timeout])
                    .arg(path)
                    .arg(statements)
                    .output()?;
                if !out.status.success() {
                    bail!("{statements}: {}", String::from_utf8_lossy(&out.stderr).trim());
                }
                Ok(String::from_utf8(out.stdout)?)
            }
        }
    }

    /// The single value that a query gives.
    ///
    /// # Errors
    /// As [`Database::sql`], and when there is no row.
    pub fn value(&self, query: &str) -> anyhow::Result<String> {
        let out = self.sql(query)?;
        out.lines().next().map(str::to_owned).with_context(|| format!("{query}: no row"))
    }
}
