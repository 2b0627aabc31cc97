//! Copies of an SQLite database, and putting one back. MySQL and MariaDB have tools of their own for this.

use crate::error::{Error, Result};
use crate::migrate::Schema;
use crate::options::Options;
use crate::store::{Pools, Store};
use crate::{connect, meta};
use sqlx::{Connection, SqliteConnection};
use std::fs::File;
use std::path::{Path, PathBuf};
use switchboard_domain::Rng;
use switchboard_faults::{self as faults, Point};

impl Store {
    /// Copies the database to `to` while it is in use: one consistent moment, compacted, synced to disk.
    ///
    /// # Errors
    /// [`Error::Config`] when `to` exists or cannot be written, or when the database is not SQLite.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        let Pools::Sqlite { path, .. } = &self.pools else {
            return Err(Error::Config(
                "backup copies SQLite; for MySQL and MariaDB use mariadb-dump --single-transaction".into(),
            ));
        };
        if to.exists() {
            return Err(Error::Config(format!("{} exists; name a new file", to.display())));
        }
        if !path.exists() {
            return Err(Error::Config(format!("there is no database at {}", path.display())));
        }
        let part = beside(to, ".part");
        remove(&part)?;
        let mut connection = SqliteConnection::connect_with(&connect::sqlite_options(path)).await?;
        let copied =
            sqlx::query("VACUUM INTO ?").bind(part.display().to_string()).execute(&mut connection).await;
        let _ = connection.close().await;
        copied?;
        settle(&part, to)
    }

    /// Puts the copy `from` in this database's place and rotates the epoch, so that clients load again what has
    /// gone back. Answers the new epoch. Nothing is changed unless the copy is sound.
    ///
    /// # Errors
    /// [`Error::Busy`] while a server uses the database; [`Error::Config`] when `from` is no database of ours, or
    /// this one is not SQLite.
    pub async fn restore(&self, from: &Path, rng: &dyn Rng) -> Result<String> {
        let Pools::Sqlite { path, .. } = &self.pools else {
            return Err(Error::Config(
                "restore puts SQLite copies back; on MySQL and MariaDB load the dump with mariadb, then run \
                 `switchboard epoch rotate`"
                    .into(),
            ));
        };
        let Some(_lease) = self.dbmgr_lease().await? else {
            return Err(Error::Busy("a server is using this database: stop it first".into()));
        };
        let part = beside(path, ".restoring");
        for stale in [&part, &beside(&part, "-wal"), &beside(&part, "-shm")] {
            remove(stale)?;
        }
        std::fs::copy(from, &part)
            .map_err(|error| Error::Config(format!("cannot copy {}: {error}", from.display())))?;
        let copy = Self::open(&format!("sqlite:{}", part.display()), Options::default()).await?;
        let epoch = copy.accept(from, rng).await;
        copy.close().await;
        let epoch = match epoch {
            Ok(epoch) => epoch,
            Err(error) => {
                remove(&part)?;
                return Err(error);
            }
        };
        for old in [beside(path, "-wal"), beside(path, "-shm")] {
            remove(&old)?;
        }
        settle(&part, path)?;
        Ok(epoch)
    }

    /// Looks whether a copy is sound and ours, and gives it a new epoch.
    async fn accept(&self, from: &Path, rng: &dyn Rng) -> Result<String> {
        let unsound = |what: &str| Error::Config(format!("{}: {what}", from.display()));
        match self.schema().await {
            Ok(Schema::Current | Schema::Older(_)) => {}
            Ok(Schema::Empty) => return Err(unsound("this is not a database of Switchboard")),
            Ok(Schema::Refused(why)) => return Err(Error::Schema(why)),
            Err(error) => return Err(unsound(&format!("this is not a sound SQLite database ({error})"))),
        }
        let mut tx = self.write().await?;
        let check = tx.first("PRAGMA quick_check(1)", &[], |row| row.text()).await?;
        if check.as_deref() != Some("ok") {
            return Err(unsound("the copy is damaged; choose another one"));
        }
        let epoch = meta::rotate_epoch(&mut tx, rng).await?;
        faults::at(Point::RestoreCommitBefore);
        tx.commit().await?;
        faults::at(Point::RestoreCommitAfter);
        Ok(epoch)
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::Config(format!("cannot remove {}: {error}", path.display())))
        }
        _ => Ok(()),
    }
}

/// Makes the finished file durable under its name: file first, then name, then folder.
fn settle(part: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let write = || {
        File::open(part)?.sync_all()?;
        std::fs::rename(part, to)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|error| Error::Config(format!("cannot write {}: {error}", to.display())))
}
