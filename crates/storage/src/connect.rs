//! From a URL to pools whose connections are set as the guarantees demand.

use crate::error::{Error, Result};
use crate::limits;
use crate::options::Options;
use crate::pool::Pool;
use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Database, Executor, MySql, Sqlite};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The path in `sqlite:PATH` or `sqlite://PATH`, taken literally; none for another database.
pub(crate) fn sqlite_path(url: &str) -> Result<Option<PathBuf>> {
    let Some(rest) = url.strip_prefix("sqlite:") else { return Ok(None) };
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() || path.starts_with(":memory:") {
        return Err(Error::Config("name a file: sqlite:PATH".into()));
    }
    Ok(Some(PathBuf::from(path)))
}

/// Reads a `mysql://` URL. What it says is not repeated in the error: it may hold a password.
pub(crate) fn mysql_options(url: &str) -> Result<MySqlConnectOptions> {
    if !url.starts_with("mysql://") && !url.starts_with("mariadb://") {
        return Err(Error::Config("a database is sqlite:PATH or mysql://USER:PASSWORD@HOST/NAME".into()));
    }
    let options: MySqlConnectOptions = url
        .parse()
        .map_err(|_| Error::Config("write the database as mysql://USER:PASSWORD@HOST:PORT/NAME".into()))?;
    if options.get_database().is_none_or(str::is_empty) {
        return Err(Error::Config("the mysql:// URL names no database: add /NAME at its end".into()));
    }
    Ok(options
        // sql_mode and time zone: see `session`; nothing of ours depends on the zone.
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .timezone(None)
        .statement_cache_capacity(limits::STATEMENT_CACHE)
        .disable_statement_logging())
}

/// What every MySQL session is told. What stands in the comment is read by MariaDB only.
fn session(wait_s: u32) -> String {
    format!(
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', SESSION innodb_lock_wait_timeout = 3, \
         SESSION wait_timeout = {wait_s} /*M!100300 , SESSION idle_transaction_timeout = 10 */"
    )
}

/// The variable's name differs between the two; SQL's own statement serves both.
const ISOLATION: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

/// Sets up a MySQL connection of its own, outside the pool, that the server closes after `wait_s` of silence.
pub(crate) async fn mysql_session(connection: &mut sqlx::MySqlConnection, wait_s: u32) -> sqlx::Result<()> {
    connection.execute(AssertSqlSafe(session(wait_s))).await?;
    connection.execute(ISOLATION).await?;
    Ok(())
}

/// Tries an idle connection before use, but not one that was used a moment ago.
async fn fresh<DB: Database>(connection: &mut DB::Connection, idle: Duration) -> sqlx::Result<bool> {
    if idle < limits::TRUST_IDLE {
        return Ok(true);
    }
    let answered = tokio::time::timeout(limits::TRUST_IDLE, connection.ping()).await;
    Ok(matches!(answered, Ok(Ok(()))))
}

/// What a session is told whose transactions begin with their first statement, without a round trip of their own.
pub(crate) const BEGINS: &str = "SET SESSION autocommit = 0";

/// A pool for MySQL and MariaDB; connects when first used. `more` is what its sessions are told besides.
pub(crate) fn mysql_pool(
    connect: MySqlConnectOptions,
    size: u32,
    options: &Options,
    more: Option<&'static str>,
) -> Pool<MySql> {
    let pool = MySqlPoolOptions::new()
        .max_connections(size.max(1))
        .acquire_timeout(options.acquire)
        .idle_timeout(limits::KEEP_IDLE)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| Box::pin(fresh::<MySql>(connection, meta.idle_for)))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                mysql_session(connection, limits::MYSQL_WAIT_S).await?;
                match more {
                    Some(more) => connection.execute(more).await.map(drop),
                    None => Ok(()),
                }
            })
        })
        .connect_lazy_with(connect);
    Pool::new(pool, limits::TRUST_IDLE)
}

/// How every connection to an SQLite file is set.
pub(crate) fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .busy_timeout(limits::SQLITE_BUSY)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(false)
        .statement_cache_capacity(limits::STATEMENT_CACHE)
        .disable_statement_logging()
}

/// The pools for an SQLite file: one connection that writes, several that read.
pub(crate) fn sqlite_pools(path: &Path, options: &Options) -> (Pool<Sqlite>, Pool<Sqlite>) {
    let connect = sqlite_options(path);
    let pool = |size: u32, connect: SqliteConnectOptions| {
        let pool = SqlitePoolOptions::new()
            .max_connections(size.max(1))
            .acquire_timeout(options.acquire.max(limits::SQLITE_BUSY))
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(connect);
        // A file does not go away.
        Pool::new(pool, Duration::MAX)
    };
    let reader = connect.clone().pragma("query_only", "ON");
    (pool(1, connect), pool(options.readers, reader))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_and_refused_without_repeating_a_password() {
        assert_eq!(sqlite_path("sqlite:a b?.db").unwrap(), Some("a b?.db".into()));
        assert_eq!(sqlite_path("sqlite:///x.db").unwrap(), Some("/x.db".into()));
        assert!(sqlite_path("sqlite::memory:").is_err());
        for bad in ["mysql://u:secret@h", "postgres://u:secret@h/d", "mysql://u:secret@h:port/d"] {
            let said = mysql_options(bad).unwrap_err().to_string();
            assert!(!said.contains("secret"), "{said}");
        }
        assert!(mysql_options("mysql://u:p@h:3306/d?ssl-mode=disabled").is_ok());
    }
}
