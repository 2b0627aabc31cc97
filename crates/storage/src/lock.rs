//! Locks that a process holds for as long as it lives: the active router's, and on SQLite the one dbmgr's.

use crate::connect;
use crate::error::{Error, Result};
use crate::limits;
use crate::store::{Pools, Store};
use sqlx::{ConnectOptions, Connection, MySqlConnection, Row as _};
use std::fs::{File, TryLockError};
use std::path::Path;
use tokio::time::timeout;

/// The lock of the active router. On MySQL it lives in a connection of its own, which the server closes after
/// 8 s of silence: a process that was stopped loses it. Check it every 2 s, and stop routing when it is gone.
#[derive(Debug)]
pub struct RouterLock(Held);

#[derive(Debug)]
enum Held {
    File(#[expect(dead_code, reason = "the lock goes when the file is closed")] File),
    Server(Box<MySqlConnection>),
}

/// The right to be the one dbmgr of an SQLite file. On MySQL any number may run, so it holds nothing there.
#[derive(Debug)]
pub struct DbmgrLease(#[expect(dead_code, reason = "the lock goes when the file is closed")] Option<File>);

const TAKE: &str = "SELECT GET_LOCK(CONCAT('switchboard.r.', LEFT(SHA2(DATABASE(), 256), 32)), 0)";
const MINE: &str =
    "SELECT IS_USED_LOCK(CONCAT('switchboard.r.', LEFT(SHA2(DATABASE(), 256), 32))) = CONNECTION_ID()";

impl Store {
    /// Tries to become the active router; `None` while another process is.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database is away.
    pub async fn router_lock(&self) -> Result<Option<RouterLock>> {
        match &self.pools {
            Pools::Sqlite { path, .. } => {
                Ok(lock_file(path, "router")?.map(|file| RouterLock(Held::File(file))))
            }
            Pools::MySql { calls, .. } => {
                let take = async {
                    let mut connection = calls.connect_options().connect().await?;
                    connect::mysql_session(&mut connection, limits::LOCK_WAIT_S).await?;
                    let taken = ask(&mut connection, TAKE).await?;
                    Ok::<_, sqlx::Error>(taken.then(|| RouterLock(Held::Server(Box::new(connection)))))
                };
                Ok(timeout(limits::ACQUIRE, take).await.map_err(|_| late())??)
            }
        }
    }

    /// Tries to become the one dbmgr of an SQLite file; `None` while another process is. Always granted on MySQL.
    /// Others (`su`, `backup`) may still write.
    ///
    /// # Errors
    /// [`Error::Config`] when the lock file beside the database cannot be made.
    #[expect(clippy::unused_async, reason = "a sibling of router_lock")]
    pub async fn dbmgr_lease(&self) -> Result<Option<DbmgrLease>> {
        match self.sqlite_file() {
            Some(path) => Ok(lock_file(path, "dbmgr")?.map(|file| DbmgrLease(Some(file)))),
            None => Ok(Some(DbmgrLease(None))),
        }
    }
}

impl RouterLock {
    /// Whether the lock is still held. An error or a late answer counts as no: drop it and try to get it anew.
    pub async fn is_held(&mut self) -> bool {
        match &mut self.0 {
            Held::File(_) => true,
            Held::Server(connection) => {
                matches!(timeout(limits::LOCK_CHECK, ask(connection, MINE)).await, Ok(Ok(true)))
            }
        }
    }

    /// Gives the lock back at once, for a successor.
    pub async fn release(self) {
        if let Held::Server(connection) = self.0 {
            // The server releases it with the connection; waiting tells us that it has heard.
            let _ = timeout(limits::LOCK_CHECK, connection.close()).await;
        }
    }
}

/// NULL (a server without the lock's holder) reads as no.
async fn ask(connection: &mut MySqlConnection, sql: &'static str) -> sqlx::Result<bool> {
    let row = sqlx::query(sql).fetch_one(connection).await?;
    Ok(row.try_get_unchecked::<Option<i64>, _>(0)? == Some(1))
}

fn late() -> Error {
    Error::Unavailable("the database did not answer in time".into())
}

/// Locks `PATH.NAME.lock`; `None` while another process has it.
fn lock_file(database: &Path, name: &str) -> Result<Option<File>> {
    let mut path = database.as_os_str().to_owned();
    path.push(format!(".{name}.lock"));
    let cannot = |error: &std::io::Error| Error::Config(format!("cannot lock {}: {error}", path.display()));
    let file =
        File::options().create(true).truncate(false).write(true).open(&path).map_err(|e| cannot(&e))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(cannot(&error)),
    }
}
