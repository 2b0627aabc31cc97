//! How a deliberately broken build is wrong, where that takes more than a condition. Nothing of this is in a release:
//! see `switchboard_faults`.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;
use switchboard_domain::TokenHash;
use switchboard_faults::{self as faults, Mutant};
use switchboard_storage::session;
use tokio::time::Instant;

/// How long what should be looked up is remembered.
const REMEMBERED: Duration = Duration::from_secs(10);

/// Answers from memory what was found good a while ago.
#[derive(Debug)]
pub(crate) struct Memory<K, V>(Mutex<HashMap<K, (Instant, V)>>);

impl<K: Eq + Hash + Clone, V: Clone> Memory<K, V> {
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    /// What was found now, or else what was found before.
    pub(crate) fn or(&self, key: &K, found: Option<V>) -> Option<V> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match found {
            Some(found) => {
                known.insert(key.clone(), (Instant::now(), found.clone()));
                Some(found)
            }
            None => {
                known.get(key).filter(|(at, _)| at.elapsed() < REMEMBERED).map(|(_, value)| value.clone())
            }
        }
    }
}

/// Who makes a call.
pub(crate) fn session(token: &TokenHash, found: Option<session::Actor>) -> Option<session::Actor> {
    static KNOWN: LazyLock<Memory<TokenHash, session::Actor>> = LazyLock::new(Memory::new);
    if faults::broken(Mutant::SessionCached) { KNOWN.or(token, found) } else { found }
}
