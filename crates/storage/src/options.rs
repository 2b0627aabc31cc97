//! What may be chosen when a store is opened.

use crate::limits;
use std::time::Duration;

/// Sizes and deadlines; the defaults are those of [`crate::limits`].
#[derive(Debug, Clone)]
pub struct Options {
    /// Connections to MySQL or MariaDB at most.
    pub connections: u32,
    /// Connections beside them that only write batches.
    pub lanes: u32,
    /// Readers of an SQLite file, at least one.
    pub readers: u32,
    /// How long getting a connection may take.
    pub acquire: Duration,
    /// How long one statement may take.
    pub statement: Duration,
    /// How long a COMMIT may take before its outcome counts as unknown.
    pub commit: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connections: limits::MYSQL_CONNECTIONS,
            lanes: limits::MYSQL_LANES,
            readers: limits::SQLITE_READERS,
            acquire: limits::ACQUIRE,
            statement: limits::STATEMENT,
            commit: limits::COMMIT,
        }
    }
}
