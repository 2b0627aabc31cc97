//! A connection in use: for reading, or a transaction.
//!
//! Whoever drops a [`Tx`] in the middle of a statement or transaction (a cancelled future, an early return) gives
//! up the transaction, and the connection with it: it is closed and not returned to the pool, so nobody meets a
//! half-read answer or an open transaction. [`Tx::rollback`] gives it up and keeps the connection.

use crate::dialect::Dialect;
use crate::error::{self, Error, Result};
use crate::limits;
use crate::options::Options;
use crate::pool::Held;
use crate::row::Row;
use crate::value::Value;
use futures_util::future::BoxFuture;
use sqlx::mysql::MySqlRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Executor, MySql, SqlSafeStr, SqlStr, Sqlite};
use std::future::Future;
use std::time::Duration;
use switchboard_domain::Millis;

/// A pooled connection of either database.
pub(crate) enum Conn {
    Sqlite(Held<Sqlite>),
    MySql(Held<MySql>),
}

/// A connection in use. Every statement has a deadline; after one that was missed the connection is given up.
pub struct Tx {
    conn: Option<Conn>,
    dialect: Dialect,
    /// A transaction is open.
    open: bool,
    /// A statement is under way, or ended in a way that leaves the connection out of step.
    torn: bool,
    /// Something was written.
    wrote: bool,
    /// The newest date of a commit that was read.
    committed: Option<Millis>,
    statement: Duration,
    commit: Duration,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tx({:?}, open: {}, torn: {})", self.dialect, self.open, self.torn)
    }
}

/// Runs `$body` with `$c` as the connection of either kind.
macro_rules! with {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            Conn::Sqlite($c) => $body,
            Conn::MySql($c) => $body,
        }
    };
}

impl Tx {
    pub(crate) fn reading(conn: Conn, options: &Options) -> Self {
        let dialect = match conn {
            Conn::Sqlite(_) => Dialect::Sqlite,
            Conn::MySql(_) => Dialect::MySql,
        };
        let Options { statement, commit, .. } = *options;
        Self {
            conn: Some(conn),
            dialect,
            open: false,
            torn: false,
            wrote: false,
            committed: None,
            statement,
            commit,
        }
    }

    /// Opens the transaction; on SQLite this waits for the write lane.
    pub(crate) async fn begin(&mut self) -> Result<()> {
        let begin = self.dialect.begin();
        self.plain(begin.into_sql_str(), self.statement).await.map_err(Error::from)?;
        self.open = true;
        Ok(())
    }

    /// The same where a session begins its transactions by itself.
    pub(crate) fn begun(mut self) -> Self {
        self.open = true;
        self
    }

    /// Whether something was read here that may not be durable yet. InnoDB shows a commit to others before its log is
    /// on disk, so a server that is killed in between takes back what a reader has seen. A commit that writes settles
    /// that too, since the log is written in its order; whoever has only read asks [`crate::Store::settle`] before
    /// showing it to anybody. SQLite shows what is synchronised only.
    pub fn unsettled(&self, now: Millis) -> bool {
        let young = |at: Millis| at > now - limits::SETTLED_MS;
        self.dialect == Dialect::MySql && !self.wrote && self.committed.is_some_and(young)
    }

    /// Which SQL this connection speaks.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Makes what was written durable. After an error the transaction is over, too.
    ///
    /// # Errors
    /// [`Error::CommitUnknown`] when the connection was lost on the way: look up what you wrote before you say
    /// anything about it. Every other error says that nothing is done.
    pub async fn commit(mut self) -> Result<()> {
        if !self.open {
            return Ok(());
        }
        let limit = self.commit;
        self.plain("COMMIT".into_sql_str(), limit).await.map_err(|fault| match fault {
            Fault::Late => Error::CommitUnknown(format!("no answer to COMMIT within {limit:?}")),
            Fault::Sql(error) => Error::of_commit(error),
        })?;
        self.open = false;
        Ok(())
    }

    /// Gives the transaction up and keeps the connection for others.
    pub async fn rollback(mut self) {
        if self.open && !self.torn && self.plain("ROLLBACK".into_sql_str(), self.statement).await.is_ok() {
            self.open = false;
        }
    }

    /// Runs a statement; answers how many rows it matched (not for upserts, see [`Dialect::upsert`]).
    pub(crate) async fn exec(&mut self, sql: impl SqlSafeStr, args: &[Value<'_>]) -> Result<u64> {
        let sql = sql.into_sql_str();
        let affected = self
            .guarded(self.statement, async |conn: &mut Conn| affect(conn, sql, args).await)
            .await
            .map_err(Error::from)?;
        self.wrote |= affected > 0;
        Ok(affected)
    }

    /// Runs a query and reads each row.
    pub(crate) async fn list<T: Send>(
        &mut self,
        sql: impl SqlSafeStr,
        args: &[Value<'_>],
        read: impl Fn(&mut Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let sql = sql.into_sql_str();
        let rows = self.guarded(self.statement, async |conn: &mut Conn| fetch(conn, sql, args).await).await;
        let committed = &mut self.committed;
        let mut one = |mut row: Row<'_>| {
            let value = read(&mut row);
            *committed = row.committed.max(*committed);
            value
        };
        match rows.map_err(Error::from)? {
            Rows::Sqlite(rows) => rows.iter().map(|row| one(Row::from(row))).collect(),
            Rows::MySql(rows) => rows.iter().map(|row| one(Row::from(row))).collect(),
        }
    }

    /// Runs a query and reads its first row, if there is one.
    pub(crate) async fn first<T: Send>(
        &mut self,
        sql: impl SqlSafeStr,
        args: &[Value<'_>],
        read: fn(&mut Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.list(sql, args, read).await?.into_iter().next())
    }

    /// Runs SQL without values through the text protocol, which knows transaction control and DDL.
    async fn plain(&mut self, sql: SqlStr, limit: Duration) -> std::result::Result<(), Fault> {
        self.guarded(limit, async |conn: &mut Conn| say(conn, sql).await).await
    }

    /// The same, for migrations.
    pub(crate) async fn ddl(&mut self, sql: impl SqlSafeStr, limit: Duration) -> Result<()> {
        self.plain(sql.into_sql_str(), limit).await.map_err(Error::from)
    }

    /// Runs `work` under a deadline. From its start to its orderly end the connection counts as torn.
    async fn guarded<T>(
        &mut self,
        limit: Duration,
        work: impl AsyncFnOnce(&mut Conn) -> sqlx::Result<T>,
    ) -> std::result::Result<T, Fault> {
        let Some(conn) = self.conn.as_mut().filter(|_| !self.torn) else {
            return Err(Fault::Sql(sqlx::Error::Protocol(
                "the connection was given up after an earlier error".into(),
            )));
        };
        self.torn = true;
        let done = within(limit, work(conn)).await?;
        self.torn = done.as_ref().is_err_and(|error| !error::in_step(error));
        done.map_err(Fault::Sql)
    }
}

/// The rows of either database.
enum Rows {
    Sqlite(Vec<SqliteRow>),
    MySql(Vec<MySqlRow>),
}

// What an `async fn` does is compiled again in every crate that awaits it; what a boxed future does is not. So the
// driver, by far the largest part, is compiled here and once.

fn affect<'a>(conn: &'a mut Conn, sql: SqlStr, args: &'a [Value<'_>]) -> BoxFuture<'a, sqlx::Result<u64>> {
    Box::pin(async move {
        with!(conn, c => {
            let query = args.iter().fold(sqlx::query(sql), |query, value| value.bind(query));
            query.execute(&mut **c).await.map(|done| done.rows_affected())
        })
    })
}

fn fetch<'a>(conn: &'a mut Conn, sql: SqlStr, args: &'a [Value<'_>]) -> BoxFuture<'a, sqlx::Result<Rows>> {
    Box::pin(async move {
        match conn {
            Conn::Sqlite(c) => {
                let query = args.iter().fold(sqlx::query(sql), |query, value| value.bind(query));
                query.fetch_all(&mut **c).await.map(Rows::Sqlite)
            }
            Conn::MySql(c) => {
                let query = args.iter().fold(sqlx::query(sql), |query, value| value.bind(query));
                query.fetch_all(&mut **c).await.map(Rows::MySql)
            }
        }
    })
}

fn say(conn: &mut Conn, sql: SqlStr) -> BoxFuture<'_, sqlx::Result<()>> {
    Box::pin(async move { with!(conn, c => (&mut **c).execute(sql).await.map(|_| ())) })
}

/// Why a statement failed.
enum Fault {
    Sql(sqlx::Error),
    Late,
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Sql(error) => Self::from(error),
            Fault::Late => Self::Unavailable("no answer within the statement's deadline".into()),
        }
    }
}

async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> std::result::Result<T, Fault> {
    tokio::time::timeout(limit, work).await.map_err(|_| Fault::Late)
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        if self.open || self.torn {
            // Detached and dropped: the socket (or file) closes, and the database rolls back.
            with!(conn, c => drop(c.detach()));
        } else {
            with!(conn, c => c.keep());
        }
    }
}
