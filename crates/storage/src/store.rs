//! The database of one Switchboard.

use crate::connect;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::options::Options;
use crate::pool::Pool;
use crate::tx::{Conn, Tx};
use futures_util::future::BoxFuture;
use sqlx::{MySql, Sqlite};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A handle to the database; cheap to clone, safe to share.
#[derive(Clone)]
pub struct Store {
    pub(crate) pools: Pools,
    pub(crate) options: Arc<Options>,
}

#[derive(Clone)]
pub(crate) enum Pools {
    Sqlite {
        path: PathBuf,
        writer: Pool<Sqlite>,
        readers: Pool<Sqlite>,
    },
    /// Batches have connections of their own: their long statements are prepared once for each connection, and their
    /// transactions begin by themselves.
    MySql {
        calls: Pool<MySql>,
        batches: Pool<MySql>,
    },
}

/// What a connection is for.
#[derive(Debug, Clone, Copy)]
enum Purpose {
    Read,
    Write,
    Batch,
}

impl Pools {
    /// A connection, on SQLite of the write lane if it is to write. Boxed, so that making connections is compiled in
    /// this crate only.
    fn take(&self, purpose: Purpose) -> BoxFuture<'_, sqlx::Result<Conn>> {
        Box::pin(async move {
            Ok(match (self, purpose) {
                (Self::Sqlite { readers, .. }, Purpose::Read) => Conn::Sqlite(readers.acquire().await?),
                (Self::Sqlite { writer, .. }, _) => Conn::Sqlite(writer.acquire().await?),
                (Self::MySql { batches, .. }, Purpose::Batch) => Conn::MySql(batches.acquire().await?),
                (Self::MySql { calls, .. }, _) => Conn::MySql(calls.acquire().await?),
            })
        })
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The URL may hold a password.
        write!(f, "Store({:?})", self.dialect())
    }
}

impl Store {
    /// Opens `sqlite:PATH` or `mysql://USER:PASSWORD@HOST:PORT/NAME`. It connects when first used, so a database
    /// that is away is no error here: ask [`Store::ping`]. An SQLite file's folder is made if it is missing.
    ///
    /// # Errors
    /// [`Error::Config`] for a URL that cannot be meant or a folder that cannot be made.
    #[expect(clippy::unused_async, reason = "the pools need the runtime that this proves")]
    pub async fn open(url: &str, options: Options) -> Result<Self> {
        let pools = if let Some(path) = connect::sqlite_path(url)? {
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder).map_err(|error| {
                    Error::Config(format!("cannot make the folder {}: {error}", folder.display()))
                })?;
            }
            let (writer, readers) = connect::sqlite_pools(&path, &options);
            Pools::Sqlite { path, writer, readers }
        } else {
            let connect = connect::mysql_options(url)?;
            let batches =
                connect::mysql_pool(connect.clone(), options.lanes, &options, Some(connect::BEGINS));
            let calls = connect::mysql_pool(connect, options.connections, &options, None);
            Pools::MySql { calls, batches }
        };
        Ok(Self { pools, options: Arc::new(options) })
    }

    /// Which SQL is spoken.
    pub fn dialect(&self) -> Dialect {
        match self.pools {
            Pools::Sqlite { .. } => Dialect::Sqlite,
            Pools::MySql { .. } => Dialect::MySql,
        }
    }

    /// The SQLite file, when there is one.
    pub fn sqlite_file(&self) -> Option<&Path> {
        match &self.pools {
            Pools::Sqlite { path, .. } => Some(path),
            Pools::MySql { .. } => None,
        }
    }

    /// A connection for reading: each statement sees what is committed when it starts.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when no connection is to be had within the deadline.
    pub async fn read(&self) -> Result<Tx> {
        self.taken(Purpose::Read).await
    }

    /// A transaction that may write. On SQLite it holds the one write lane from here to its end.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when no connection is to be had, [`Error::Busy`] when another process keeps an SQLite
    /// file locked.
    pub async fn write(&self) -> Result<Tx> {
        let mut tx = self.taken(Purpose::Write).await?;
        match tx.begin().await {
            // A connection that died in the pool is found out here, where nothing has been done yet.
            Err(Error::Unavailable(_)) => {
                drop(tx);
                tx = self.taken(Purpose::Write).await?;
                tx.begin().await?;
            }
            begun => begun?,
        }
        Ok(tx)
    }

    /// The same for the writer of batches, one for each of [`Options::lanes`].
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_batch(&self) -> Result<Tx> {
        match self.pools {
            Pools::Sqlite { .. } => self.write().await,
            Pools::MySql { .. } => Ok(self.taken(Purpose::Batch).await?.begun()),
        }
    }

    /// A connection that may write, without a transaction.
    pub(crate) async fn lane(&self) -> Result<Tx> {
        self.taken(Purpose::Write).await
    }

    async fn taken(&self, purpose: Purpose) -> Result<Tx> {
        Ok(Tx::reading(self.pools.take(purpose).await?, &self.options))
    }

    /// A round trip that reads a table of ours: the database answers and has a schema.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it does not answer, [`Error::Schema`] when it has not been migrated.
    pub async fn ping(&self) -> Result<()> {
        let mut tx = self.read().await?;
        tx.first("SELECT value FROM meta WHERE name = 'epoch'", &[], |row| row.text()).await?;
        Ok(())
    }

    /// Closes all connections; what is under way fails.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::MySql { calls, batches } => {
                calls.close().await;
                batches.close().await;
            }
        }
    }
}
