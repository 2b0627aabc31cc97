//! Limits of the storage room, each with its unit.

use std::time::Duration;

/// Connections to MySQL or MariaDB that one process opens at most.
pub const MYSQL_CONNECTIONS: u32 = 16;
/// Connections beside them for a writer of batches; two gained nothing on two cores.
pub const MYSQL_LANES: u32 = 1;
/// Readers of an SQLite file; there is one writer besides.
pub const SQLITE_READERS: u32 = 4;
/// How long getting a connection may take, connecting included.
pub const ACQUIRE: Duration = Duration::from_secs(3);
/// How long one statement may take; longer than the server's lock wait, so that the server answers first.
pub const STATEMENT: Duration = Duration::from_secs(8);
/// How long a COMMIT may take before its outcome counts as unknown.
pub const COMMIT: Duration = Duration::from_secs(10);
/// A commit is taken for durable, whoever made it, when what it wrote is older than this, in milliseconds: far above
/// [`COMMIT`], and what a server's disk may take.
pub const SETTLED_MS: i64 = 60_000;
/// How long a migration's statement may take, and how long to wait for another process that migrates.
pub const MIGRATION: Duration = Duration::from_secs(600);
/// How long SQLite waits for another process's write lock, in milliseconds; below [`STATEMENT`].
pub const SQLITE_BUSY: Duration = Duration::from_secs(5);
/// Idle connections older than this are tried before they are used.
pub const TRUST_IDLE: Duration = Duration::from_secs(2);
/// Idle connections are closed after this; below the server's [`MYSQL_WAIT_S`].
pub const KEEP_IDLE: Duration = Duration::from_secs(20);
/// The server closes a session that says nothing for this long, in seconds, so that a stopped process loses its
/// row locks and the router lock.
pub const MYSQL_WAIT_S: u32 = 30;
/// The same for the router lock's connection, in seconds; its holder checks far more often.
pub const LOCK_WAIT_S: u32 = 8;
/// How long asking whether the router lock is still held may take.
pub const LOCK_CHECK: Duration = Duration::from_secs(2);
/// Prepared statements kept by one connection.
pub const STATEMENT_CACHE: usize = 256;
/// Texts in one multi-row INSERT, in bytes: with what else stands in 512 rows it fits into the smallest packet that a server
/// of ours may have, 1 MiB.
pub const STATEMENT_BYTES: usize = 512 * 1024;
/// Keys in one look-up of many.
pub const KEYS: usize = 512;
/// Pairs or triples in one look-up of many; each is a term of an OR.
pub const TERMS: usize = 128;
