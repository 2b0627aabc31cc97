//! What a request may cost.

use std::time::Duration;

/// How long finding the addresses of a name may take.
pub const RESOLVE_DEADLINE: Duration = Duration::from_secs(3);
/// How long a connection may take to be made, TLS included.
pub const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
/// Addresses of a name that are tried.
pub const ADDRESSES: usize = 4;
/// Largest body of an answer, in bytes.
pub const ANSWER_BYTES: usize = 256 * 1024;
/// Requests under way at a time in one process.
pub const AT_ONCE: usize = 256;
/// How many of them to one server, so that some that hang do not keep the others waiting.
pub const AT_ONCE_PER_SERVER: usize = 32;
/// Longest address of a server, in bytes.
pub const URL_BYTES: usize = 2_000;
