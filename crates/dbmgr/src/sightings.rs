//! Which automations answered discovery lately. It is the memory of this process only: discovery finds them again.

use crate::limits;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use switchboard_domain::Millis;
use switchboard_domain::automation::Automation;
use switchboard_wire::view::Health;
use tokio::time::Instant;

/// When each automation was last seen.
#[derive(Debug, Default)]
pub(crate) struct Sightings {
    seen: Mutex<HashMap<String, Instant>>,
}

impl Sightings {
    /// These answered just now.
    pub(crate) fn saw<'a>(&self, names: impl Iterator<Item = &'a str>, now: Instant) {
        let mut seen = self.lock();
        seen.retain(|_, at| now.duration_since(*at) < limits::SEEN);
        for name in names.take(limits::FOUND) {
            seen.insert(name.to_owned(), now);
        }
    }

    /// How an automation is.
    pub(crate) fn health(&self, automation: &Automation, now: Instant, wall: Millis) -> Health {
        let up = self.lock().get(&automation.name).is_some_and(|at| now.duration_since(*at) < limits::SEEN);
        let failing = automation.last_error_at.is_some_and(|at| wall - at < limits::FAILING_MS);
        match (up, failing) {
            (false, _) => Health::Down,
            (true, true) => Health::Failing,
            (true, false) => Health::Up,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
