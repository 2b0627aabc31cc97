//! What one process may ask of the endpoint, whoever it is for: a crowd, or somebody who only wants it to cost, gets no
//! further than that, and people take over.

use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

/// What is left of something that comes back over time.
#[derive(Debug)]
struct Purse {
    /// When full.
    most: f64,
    /// Comes back, each second.
    per_s: f64,
    /// What is left; below zero when an answer has cost more.
    left: f64,
    at: Instant,
}

impl Purse {
    fn new(most: f64, over_s: f64, now: Instant) -> Self {
        Self { most, per_s: most / over_s, left: most, at: now }
    }

    /// What is left now.
    fn look(&mut self, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.left = self.most.min(self.left + passed * self.per_s);
        self.at = now;
        self.left
    }
}

/// Which cap is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    Requests,
    Tokens,
}

/// What is left of requests and tokens. A cap of zero is none.
#[derive(Debug)]
pub(crate) struct Budget {
    requests: Option<Mutex<Purse>>,
    tokens: Option<Mutex<Purse>>,
}

impl Budget {
    pub(crate) fn new(requests_per_min: u32, tokens_per_hour: u32, now: Instant) -> Self {
        let purse =
            |most: u32, over_s: f64| (most > 0).then(|| Mutex::new(Purse::new(f64::from(most), over_s, now)));
        Self { requests: purse(requests_per_min, 60.0), tokens: purse(tokens_per_hour, 3_600.0) }
    }

    /// Takes one request, if there is one, and tokens are left.
    pub(crate) fn take(&self, now: Instant) -> Result<(), Over> {
        let left = |purse: &Mutex<Purse>| purse.lock().unwrap_or_else(PoisonError::into_inner).look(now);
        if self.tokens.as_ref().is_some_and(|tokens| left(tokens) <= 0.0) {
            return Err(Over::Tokens);
        }
        let Some(requests) = &self.requests else { return Ok(()) };
        let mut requests = requests.lock().unwrap_or_else(PoisonError::into_inner);
        if requests.look(now) < 1.0 {
            return Err(Over::Requests);
        }
        requests.left -= 1.0;
        Ok(())
    }

    /// An answer has cost so much. Whatever an endpoint says that is, in an hour it is paid.
    pub(crate) fn pay(&self, tokens: u64, now: Instant) {
        let Some(purse) = &self.tokens else { return };
        let mut purse = purse.lock().unwrap_or_else(PoisonError::into_inner);
        purse.look(now);
        let tokens = f64::from(u32::try_from(tokens).unwrap_or(u32::MAX));
        purse.left = (purse.left - tokens).max(-purse.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn requests_come_back_within_a_minute_and_tokens_within_an_hour() {
        let begun = Instant::now();
        let at = |s: u64| begun + Duration::from_secs(s);
        let budget = Budget::new(2, 3_600, begun);
        assert_eq!([0, 0, 0].map(|s| budget.take(at(s))), [Ok(()), Ok(()), Err(Over::Requests)]);
        assert_eq!([29, 31, 31].map(|s| budget.take(at(s)).is_ok()), [false, true, false]);
        // What an answer has cost too much is paid first.
        budget.pay(3_700, at(60));
        assert_eq!(budget.take(at(159)), Err(Over::Tokens));
        assert_eq!(budget.take(at(162)), Ok(()));
        budget.pay(u64::MAX, at(162));
        assert_eq!([3_700, 3_800].map(|s| budget.take(at(s)).is_ok()), [false, true]);
        // It is never more than full.
        assert_eq!([9_999, 9_999, 9_999].map(|s| budget.take(at(s)).is_ok()), [true, true, false]);
    }

    #[test]
    fn no_cap_is_none() {
        let budget = Budget::new(0, 0, Instant::now());
        budget.pay(u64::MAX, Instant::now());
        assert!((0..10_000).all(|_| budget.take(Instant::now()).is_ok()));
    }
}
