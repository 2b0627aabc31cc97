//! The time that everybody who shares a database shares: the database server's, held steady where it was set.

use crate::dialect::Dialect;
use crate::error::Result;
use crate::meta;
use crate::store::Store;
use sqlx::AssertSqlSafe;
use std::fmt;
use std::str::FromStr;
use switchboard_domain::Millis;

/// The name of the correction among the facts.
const CLOCK: &str = "clock";
/// By a tenth of what passes a correction goes back to nothing.
const FADES: Millis = 10;

/// How far the common time is ahead of the leading clock, since that was set while we ran. It fades, so that nobody's
/// time jumps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Correction {
    /// How far it was ahead to begin with.
    pub by: Millis,
    /// When that was, by the leading clock.
    pub since: Millis,
}

impl Correction {
    /// What is left of it when the leading clock says `now`.
    #[must_use]
    pub fn at(self, now: Millis) -> Millis {
        let faded = now.saturating_sub(self.since).max(0) / FADES;
        self.by.signum() * self.by.abs().saturating_sub(faded).max(0)
    }
}

impl fmt::Display for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.by, self.since)
    }
}

impl FromStr for Correction {
    type Err = ();
    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let (by, since) = text.split_once('@').ok_or(())?;
        Ok(Self { by: by.parse().map_err(drop)?, since: since.parse().map_err(drop)? })
    }
}

/// What a database says about the time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CommonTime {
    /// The server's clock, which leads; SQLite has none of its own, so the machine's does.
    pub server: Option<Millis>,
    /// What is to be added to the leading clock.
    pub correction: Correction,
}

/// Untouched by time zones and their summers.
const SERVER_MS: &str = "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000";

impl Store {
    /// What time the database server believes it is; none for SQLite, which has no clock of its own.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn server_time(&self) -> Result<Option<Millis>> {
        match self.dialect() {
            Dialect::Sqlite => Ok(None),
            Dialect::MySql => {
                let sql = AssertSqlSafe(format!("SELECT {SERVER_MS}"));
                self.read().await?.first(sql, &[], |row| row.int()).await
            }
        }
    }

    /// The server's clock and the correction, in one statement.
    ///
    /// # Errors
    /// When the database is away or has no schema yet.
    pub async fn common_time(&self) -> Result<CommonTime> {
        let server = match self.dialect() {
            Dialect::Sqlite => "NULL",
            Dialect::MySql => SERVER_MS,
        };
        let sql = AssertSqlSafe(format!("SELECT {server}, (SELECT value FROM meta WHERE name = '{CLOCK}')"));
        let mut tx = self.read().await?;
        let read = tx.first(sql, &[], |row| {
            let (server, correction) = (row.maybe_int()?, row.maybe_str()?);
            // What cannot be read corrects nothing; it is written anew when there is something to correct.
            let correction = correction.and_then(|text| text.parse().ok()).unwrap_or_default();
            Ok(CommonTime { server, correction })
        });
        Ok(read.await?.unwrap_or_default())
    }

    /// Corrects the common time for everybody.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn correct_time(&self, correction: Correction) -> Result<()> {
        let mut tx = self.write().await?;
        meta::set(&mut tx, CLOCK, &correction.to_string()).await?;
        tx.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_fades_to_nothing() {
        for by in [3_600_000, -3_600_000] {
            let correction = Correction { by, since: 1_000_000 };
            assert_eq!(correction.at(1_000_000), by);
            assert_eq!(correction.at(0), by, "the clock was set back once more");
            assert_eq!(correction.at(1_000_000 + 60_000), by - by.signum() * 6_000);
            assert_eq!(correction.at(1_000_000 + 36_000_000), 0);
            assert_eq!(correction.at(i64::MAX), 0);
        }
    }

    #[test]
    fn it_is_stored_as_text() {
        let correction = Correction { by: -5, since: 1_795_417_200_000 };
        assert_eq!(correction.to_string().parse(), Ok(correction));
        for spoilt in ["", "1", "@", "a@1", "1@"] {
            assert_eq!(spoilt.parse::<Correction>(), Err(()), "{spoilt}");
        }
    }
}
