//! The database server's clock, for the doctor.

use crate::dialect::Dialect;
use crate::error::Result;
use crate::store::Store;
use switchboard_domain::Millis;

impl Store {
    /// What time the database server believes it is; none for SQLite, which has no clock of its own.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn server_time(&self) -> Result<Option<Millis>> {
        match self.dialect() {
            Dialect::Sqlite => Ok(None),
            Dialect::MySql => {
                let sql = "SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";
                self.read().await?.first(sql, &[], |row| row.int()).await
            }
        }
    }
}
