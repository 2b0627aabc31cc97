//! Which automations answered discovery lately. It is the memory of this process only, and every dbmgr looks for
//! itself: any of them may be asked how an automation is, and one alone routes.

use crate::limits;
use crate::shared::Shared;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use switchboard_bus::Bus;
use switchboard_bus::micro::discover;
use switchboard_domain::Millis;
use switchboard_domain::automation::Automation;
use switchboard_wire::view::Health;
use tokio::time::{Instant, sleep};

/// Looks for automations on their bus, for ever.
pub(crate) async fn keep_looking(shared: Arc<Shared>, bus: Arc<dyn Bus>) {
    loop {
        match discover(&*bus, limits::LOOK_WAIT).await {
            Ok(services) => {
                let names = services.iter().map(|service| service.identity.name.as_str());
                shared.sightings.saw(names, Instant::now());
            }
            Err(error) => tracing::debug!(%error, "automations cannot be looked for"),
        }
        sleep(limits::LOOK_EVERY).await;
    }
}

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
