//! Failed sign-ins: after ten in a row from one address, one account has to wait there, longer each time. Counted
//! per account and address together, so that the owner gets in from elsewhere.

use crate::limits;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

type Pair = (String, String);

/// The memory of failed sign-ins.
#[derive(Debug)]
pub(crate) struct Throttle {
    allowed: u32,
    pairs: Mutex<HashMap<Pair, Failures>>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
}

impl Failures {
    /// When the next attempt may be made, if so many failures in a row cost nothing.
    fn until(self, allowed: u32) -> Instant {
        match self.count.checked_sub(allowed) {
            None => self.last,
            Some(over) => {
                let wait = limits::SIGN_IN_WAIT.saturating_mul(1 << over.min(16));
                self.last + wait.min(limits::SIGN_IN_WAIT_MAX)
            }
        }
    }
}

/// An attempt under way. It counts as failed from its beginning, so that many at once are counted too.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    throttle: &'a Throttle,
    pair: Pair,
}

impl Throttle {
    /// One that lets so many failures in a row pass before it makes anybody wait.
    pub(crate) fn new(allowed: u32) -> Self {
        Self { allowed, pairs: Mutex::default() }
    }

    /// Begins an attempt, or says how long to wait.
    pub(crate) fn begin(&self, name: &str, address: &str, now: Instant) -> Result<Attempt<'_>, Duration> {
        let pair = (name.to_owned(), address.to_owned());
        let mut pairs = self.lock();
        if !pairs.contains_key(&pair) && pairs.len() >= limits::SIGN_IN_PAIRS {
            forget(&mut pairs, now);
        }
        let failures = pairs.entry(pair.clone()).or_insert(Failures { count: 0, last: now });
        if now.duration_since(failures.last) > limits::SIGN_IN_MEMORY {
            failures.count = 0;
        }
        let wait = failures.until(self.allowed).saturating_duration_since(now);
        if !wait.is_zero() {
            return Err(wait);
        }
        failures.count = failures.count.saturating_add(1);
        failures.last = now;
        drop(pairs);
        Ok(Attempt { throttle: self, pair })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Pair, Failures>> {
        self.pairs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt<'_> {
    /// It succeeded: all is forgiven.
    pub(crate) fn succeeded(self) {
        self.throttle.lock().remove(&self.pair);
    }

    /// It could not be tried, through no fault of the one who tried.
    pub(crate) fn undone(self) {
        if let Some(failures) = self.throttle.lock().get_mut(&self.pair) {
            failures.count = failures.count.saturating_sub(1);
        }
    }
}

/// Makes room: what is old goes, and when nothing is old, the oldest eighth.
fn forget(pairs: &mut HashMap<Pair, Failures>, now: Instant) {
    pairs.retain(|_, failures| now.duration_since(failures.last) <= limits::SIGN_IN_MEMORY);
    if pairs.len() >= limits::SIGN_IN_PAIRS {
        let mut ages: Vec<Instant> = pairs.values().map(|failures| failures.last).collect();
        let eighth = ages.len() / 8;
        let (_, &mut bound, _) = ages.select_nth_unstable(eighth);
        pairs.retain(|_, failures| failures.last > bound);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn after_ten_failures_waiting_begins_and_grows_and_only_there() {
        let throttle = Throttle::new(limits::SIGN_IN_FAILURES);
        let mut now = Instant::now();
        for _ in 0..limits::SIGN_IN_FAILURES {
            drop(throttle.begin("maya", "10.0.0.1", now).unwrap());
        }
        let first = throttle.begin("maya", "10.0.0.1", now).unwrap_err();
        assert_eq!(first, limits::SIGN_IN_WAIT);
        assert!(throttle.begin("maya", "10.0.0.2", now).is_ok(), "the owner gets in from elsewhere");
        assert!(throttle.begin("noah", "10.0.0.1", now).is_ok());
        now += first;
        drop(throttle.begin("maya", "10.0.0.1", now).unwrap());
        let second = throttle.begin("maya", "10.0.0.1", now).unwrap_err();
        assert_eq!(second, limits::SIGN_IN_WAIT * 2);
        now += second;
        throttle.begin("maya", "10.0.0.1", now).unwrap().succeeded();
        for _ in 0..limits::SIGN_IN_FAILURES {
            drop(throttle.begin("maya", "10.0.0.1", now).unwrap());
        }
    }

    #[tokio::test]
    async fn waits_end_somewhere_and_memory_is_bounded() {
        let throttle = Throttle::new(limits::SIGN_IN_FAILURES);
        let mut now = Instant::now();
        for _ in 0..60 {
            match throttle.begin("maya", "a", now) {
                Ok(attempt) => drop(attempt),
                Err(wait) => {
                    assert!(wait <= limits::SIGN_IN_WAIT_MAX);
                    now += wait;
                }
            }
        }
        for n in 0..limits::SIGN_IN_PAIRS + 10 {
            now += Duration::from_nanos(1);
            drop(throttle.begin("maya", &n.to_string(), now).unwrap());
        }
        assert!(throttle.lock().len() <= limits::SIGN_IN_PAIRS);
    }

    #[tokio::test]
    async fn what_could_not_be_tried_does_not_count() {
        let throttle = Throttle::new(limits::SIGN_IN_FAILURES);
        let now = Instant::now();
        for _ in 0..100 {
            throttle.begin("maya", "a", now).unwrap().undone();
        }
    }
}
