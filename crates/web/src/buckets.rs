//! Token buckets by key: so many a second over time, so many at once. Their memory is bounded: whoever has been
//! quiet long enough to have a full bucket again is forgotten.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Keys held before the forgotten ones are looked for the first time.
const FIRST_SWEEP: usize = 1_024;

/// One bucket for each key.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    rate: Rate,
    held: Mutex<Held<K>>,
}

/// How fast a bucket fills, and how much it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rate {
    pub(crate) per_s: f64,
    pub(crate) burst: f64,
}

#[derive(Debug)]
struct Held<K> {
    buckets: HashMap<K, Bucket>,
    sweep_at: usize,
}

/// What is left at a moment. Also useful alone, where there is only one key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    pub(crate) fn full(rate: Rate, now: Instant) -> Self {
        Self { left: rate.burst, at: now }
    }

    fn left(&self, rate: Rate, now: Instant) -> f64 {
        let filled = now.saturating_duration_since(self.at).as_secs_f64() * rate.per_s;
        (self.left + filled).min(rate.burst)
    }

    /// Takes one, or says after how long there is one again.
    pub(crate) fn take(&mut self, rate: Rate, now: Instant) -> Result<(), Duration> {
        self.take_some(1.0, rate, now)
    }

    /// Takes so many at once or none, and says after how long there are as many. More than a full bucket holds takes a
    /// full one.
    fn take_some(&mut self, wanted: f64, rate: Rate, now: Instant) -> Result<(), Duration> {
        let wanted = wanted.min(rate.burst);
        let left = self.left(rate, now);
        *self = Self { left, at: now };
        if left >= wanted {
            self.left -= wanted;
            return Ok(());
        }
        let wait = (wanted - left) / rate.per_s;
        Err(Duration::try_from_secs_f64(wait).unwrap_or(Duration::from_secs(3_600)))
    }
}

impl<K: Eq + Hash> Buckets<K> {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, held: Mutex::new(Held { buckets: HashMap::new(), sweep_at: FIRST_SWEEP }) }
    }

    /// Takes one of `key`'s, or says after how long there is one again.
    pub(crate) fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        self.take_some(1.0, key, now)
    }

    /// Takes so many of `key`'s at once or none, and says after how long there are as many.
    pub(crate) fn take_some(&self, wanted: f64, key: K, now: Instant) -> Result<(), Duration> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.buckets.len() >= held.sweep_at {
            held.buckets.retain(|_, bucket| bucket.left(self.rate, now) < self.rate.burst);
            held.sweep_at = FIRST_SWEEP.max(held.buckets.len() * 2);
        }
        held.buckets
            .entry(key)
            .or_insert_with(|| Bucket::full(self.rate, now))
            .take_some(wanted, self.rate, now)
    }
}

/// What counts as one address: a whole /64 of IPv6, because one customer has all of it.
pub(crate) fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { per_s: 10.0, burst: 3.0 };

    #[test]
    fn a_burst_is_allowed_and_then_the_rate() {
        let buckets = Buckets::new(RATE);
        let start = Instant::now();
        assert_eq!([(); 3].map(|()| buckets.take("a", start)), [Ok(()), Ok(()), Ok(())]);
        let wait = buckets.take("a", start).unwrap_err();
        assert!((wait.as_secs_f64() - 0.1).abs() < 1e-6, "{wait:?}");
        assert_eq!(buckets.take("b", start), Ok(()), "others have their own");
        assert_eq!(buckets.take("a", start + wait), Ok(()));
        assert!(buckets.take("a", start + wait).is_err());
        let later = start + Duration::from_secs(3_600);
        assert_eq!((0..5).filter(|_| buckets.take("a", later).is_ok()).count(), 3, "it never holds more");
    }

    #[test]
    fn many_are_taken_together_or_not_at_all() {
        let buckets = Buckets::new(RATE);
        let start = Instant::now();
        assert_eq!(buckets.take_some(2.0, "a", start), Ok(()));
        let wait = buckets.take_some(2.0, "a", start).unwrap_err();
        assert!((wait.as_secs_f64() - 0.1).abs() < 1e-6, "{wait:?}");
        assert_eq!(buckets.take_some(1.0, "a", start), Ok(()), "what was refused took nothing");
        assert_eq!(buckets.take_some(9.0, "b", start), Ok(()), "more than it holds is a full one");
        assert!(buckets.take("b", start).is_err());
    }

    #[test]
    fn the_quiet_are_forgotten() {
        let buckets = Buckets::new(RATE);
        let start = Instant::now();
        for key in 0..FIRST_SWEEP {
            buckets.take(key, start).unwrap();
        }
        buckets.take(FIRST_SWEEP, start + Duration::from_secs(1)).unwrap();
        assert_eq!(buckets.held.lock().unwrap().buckets.len(), 1);
    }

    #[test]
    fn a_customer_with_ipv6_is_one_address() {
        let of = |text: &str| counted(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
