//! Which automations answered discovery lately, and what they say that they have done. It is the memory of this process
//! only, and every dbmgr looks for itself: any of them may be asked how an automation is, and one alone routes.

use crate::limits;
use crate::shared::Shared;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use switchboard_bus::Bus;
use switchboard_bus::micro::{ServiceInfo, ServiceStats, discover, stats};
use switchboard_domain::Millis;
use switchboard_domain::automation::Automation;
use switchboard_wire::view::{AutomationCounts, Health};
use tokio::time::{Instant, sleep};

/// Looks for automations on their bus, for ever. What they have done is asked only while an admin looks.
pub(crate) async fn keep_looking(shared: Arc<Shared>, bus: Arc<dyn Bus>) {
    loop {
        match discover(&*bus, limits::LOOK_WAIT).await {
            Ok(services) => shared.sightings.counted(&services, Instant::now()),
            Err(error) => tracing::debug!(%error, "automations cannot be looked for"),
        }
        if shared.sightings.is_looked_at(Instant::now()) {
            match stats(&*bus, limits::LOOK_WAIT).await {
                Ok(services) => shared.sightings.said(services),
                Err(error) => tracing::debug!(%error, "automations cannot be asked what they do"),
            }
        }
        sleep(limits::LOOK_EVERY).await;
    }
}

/// When each automation was last seen, and how many of it.
#[derive(Debug, Default)]
pub(crate) struct Sightings {
    seen: Mutex<HashMap<String, Seen>>,
    looked_at: Mutex<Option<Instant>>,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    at: Instant,
    /// None until this process has counted them itself.
    instances: Option<i64>,
    counts: Option<AutomationCounts>,
}

impl Sightings {
    /// These answered just now.
    pub(crate) fn saw<'a>(&self, names: impl Iterator<Item = &'a str>, now: Instant) {
        let mut seen = self.lock();
        seen.retain(|_, seen| now.duration_since(seen.at) < limits::SEEN);
        for name in names.take(limits::FOUND) {
            let one = seen.entry(name.to_owned()).or_insert(Seen { at: now, instances: None, counts: None });
            one.at = now;
        }
    }

    /// All instances that answered just now.
    pub(crate) fn counted(&self, services: &[ServiceInfo], now: Instant) {
        let mut instances: HashMap<&str, HashSet<&str>> = HashMap::new();
        for service in services {
            instances.entry(&service.identity.name).or_default().insert(&service.identity.id);
        }
        self.saw(instances.keys().copied(), now);
        let mut seen = self.lock();
        for (name, one) in seen.iter_mut() {
            let found = instances.get(name.as_str()).map_or(0, HashSet::len);
            one.instances = Some(i64::try_from(found).unwrap_or(i64::MAX));
        }
    }

    /// What the instances say that they have done.
    fn said(&self, services: Vec<ServiceStats>) {
        let mut sums: HashMap<String, (u64, u64, u64)> = HashMap::new();
        for service in services {
            let turns = service.endpoints.iter().filter(|endpoint| endpoint.name == "turn");
            let sum = sums.entry(service.identity.name).or_default();
            for endpoint in turns {
                sum.0 = sum.0.saturating_add(endpoint.num_requests);
                sum.1 = sum.1.saturating_add(endpoint.num_errors);
                sum.2 = sum.2.saturating_add(endpoint.processing_time);
            }
        }
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let mut seen = self.lock();
        for (name, (turns, errors, nanos)) in sums {
            if let Some(one) = seen.get_mut(&name) {
                let mean_ms = whole(nanos / turns.max(1) / 1_000_000);
                one.counts = Some(AutomationCounts { turns: whole(turns), errors: whole(errors), mean_ms });
            }
        }
    }

    /// An admin looks at the automations.
    pub(crate) fn looked_at(&self, now: Instant) {
        *self.looked_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    fn is_looked_at(&self, now: Instant) -> bool {
        let looked_at = *self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        looked_at.is_some_and(|at| now.duration_since(at) < limits::LOOKED_AT)
    }

    /// How an automation is.
    pub(crate) fn health(&self, automation: &Automation, now: Instant, wall: Millis) -> Health {
        let up = self.fresh(&automation.name, now).is_some();
        let failing = automation.last_error_at.is_some_and(|at| wall - at < limits::FAILING_MS);
        match (up, failing) {
            (false, _) => Health::Down,
            (true, true) => Health::Failing,
            (true, false) => Health::Up,
        }
    }

    /// How many of it answered lately.
    pub(crate) fn instances(&self, automation: &str, now: Instant) -> i64 {
        self.fresh(automation, now).map_or(0, |seen| seen.instances.unwrap_or(1))
    }

    /// What they have done, if they have been asked.
    pub(crate) fn counts(&self, automation: &str, now: Instant) -> Option<AutomationCounts> {
        self.fresh(automation, now)?.counts
    }

    fn fresh(&self, automation: &str, now: Instant) -> Option<Seen> {
        self.lock().get(automation).copied().filter(|seen| now.duration_since(seen.at) < limits::SEEN)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn info(name: &str, id: &str) -> ServiceInfo {
        let kind = "io.nats.micro.v1.info_response";
        serde_json::from_value(json!({ "type": kind, "name": name, "id": id, "version": "1.0.0" })).unwrap()
    }

    fn stats(name: &str, id: &str, turns: u64, errors: u64, nanos: u64) -> ServiceStats {
        let endpoint = json!({
            "name": "turn", "subject": "s", "num_requests": turns, "num_errors": errors, "last_error": null,
            "processing_time": nanos, "average_processing_time": 0,
        });
        let kind = "io.nats.micro.v1.stats_response";
        let started = "2026-01-01T00:00:00Z";
        serde_json::from_value(json!({
            "type": kind, "name": name, "id": id, "version": "1.0.0", "started": started,
            "endpoints": [endpoint],
        }))
        .unwrap()
    }

    #[test]
    fn instances_are_counted_and_what_they_have_done_is_added_up() {
        let (sightings, now) = (Sightings::default(), Instant::now());
        sightings.saw(["mat"].into_iter(), now);
        assert_eq!(sightings.instances("mat", now), 1, "seen by somebody else: one at least");
        sightings.counted(&[info("mat", "a"), info("mat", "b"), info("mat", "b"), info("chat", "c")], now);
        assert_eq!((sightings.instances("mat", now), sightings.instances("chat", now)), (2, 1));
        assert_eq!(sightings.counts("mat", now), None, "nobody has asked");
        let said = vec![stats("mat", "a", 3, 1, 9_000_000), stats("mat", "b", 1, 0, 3_000_000)];
        sightings.said(said);
        let counts = AutomationCounts { turns: 4, errors: 1, mean_ms: 3 };
        assert_eq!(sightings.counts("mat", now), Some(counts));
        let later = now + limits::SEEN;
        assert_eq!((sightings.instances("mat", later), sightings.counts("mat", later)), (0, None));
    }

    #[test]
    fn what_they_do_is_asked_only_while_somebody_looks() {
        let (sightings, now) = (Sightings::default(), Instant::now());
        assert!(!sightings.is_looked_at(now));
        sightings.looked_at(now);
        assert!(sightings.is_looked_at(now));
        assert!(!sightings.is_looked_at(now + limits::LOOKED_AT));
    }
}
