//! Values that no other test of this run uses.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

static NEXT: AtomicU64 = AtomicU64::new(0);

/// A string of lower-case letters, digits and `-` that starts with `prefix` and is used by nobody else: 128 bits
/// of the standard library's hash seed and a counter. With a short prefix it is a valid `client_msg_id`.
#[must_use]
pub fn unique(prefix: &str) -> String {
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let random = || RandomState::new().build_hasher().finish();
    format!("{prefix}-{:016x}{:08x}", random(), (random() as u32) ^ (n as u32).rotate_left(16))
}

/// A number below `below` (which must not be 0), different from call to call; good enough for jitter.
#[must_use]
pub fn random_below(below: u64) -> u64 {
    RandomState::new().build_hasher().finish() % below.max(1)
}
