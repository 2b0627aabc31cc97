//! Whether everything that dbmgrs told was heard. Each counts what it tells per shard, and beats every second with
//! those counts; what does not add up points at the shards to be repaired.

use crate::limits::BEAT_MISSED;
use std::collections::HashMap;
use switchboard_faults::{self as faults, Mutant};
use switchboard_wire::notice::Beat;
use switchboard_wire::subject::SHARDS;
use tokio::time::Instant;

/// Shards, a bit each.
pub(super) type Shards = u32;

/// Every shard.
pub(super) const ALL: Shards = if SHARDS >= 32 { Shards::MAX } else { (1 << SHARDS) - 1 };

/// The dbmgrs that were heard of.
#[derive(Debug, Default)]
pub(super) struct Beats {
    known: HashMap<String, Known>,
}

#[derive(Debug)]
struct Known {
    heard: Instant,
    /// The count heard last, per shard; unknown until the first notice or beat.
    counts: Vec<Option<u64>>,
}

impl Known {
    fn new(now: Instant) -> Self {
        Self { heard: now, counts: vec![None; usize::try_from(SHARDS).unwrap_or(0)] }
    }
}

/// What a counted notice tells beside its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// The next one.
    Next,
    /// Heard before, for instance on another bus.
    Repeat,
    /// Something in these shards was told before it and not heard.
    Lost(Shards),
}

impl Beats {
    /// A counted notice came.
    pub(super) fn counted(&mut self, incarnation: &str, shard: u32, count: u64, now: Instant) -> Counted {
        let fresh = !self.known.contains_key(incarnation);
        let known = self.known.entry(incarnation.to_owned()).or_insert_with(|| Known::new(now));
        known.heard = now;
        let Some(seen) = usize::try_from(shard).ok().and_then(|shard| known.counts.get_mut(shard)) else {
            return Counted::Lost(ALL);
        };
        let before = *seen;
        if before.is_some_and(|before| count <= before) {
            return Counted::Repeat;
        }
        *seen = Some(count);
        match before {
            _ if fresh && !faults::broken(Mutant::RestartUnnoticed) => Counted::Lost(ALL),
            Some(before) if count > before + 1 => Counted::Lost(1 << shard),
            None if count > 1 => Counted::Lost(1 << shard),
            _ => Counted::Next,
        }
    }

    /// A beat came; answers the shards in which something was told and not heard.
    pub(super) fn beat(&mut self, beat: &Beat, now: Instant) -> Shards {
        let fresh = !self.known.contains_key(&beat.incarnation);
        let known = self.known.entry(beat.incarnation.clone()).or_insert_with(|| Known::new(now));
        known.heard = now;
        let mut lost = 0;
        for (shard, (seen, told)) in known.counts.iter_mut().zip(&beat.counts).enumerate() {
            if seen.unwrap_or(0) < *told {
                lost |= 1 << shard;
            }
            *seen = (*seen).max(Some(*told));
        }
        if fresh && !faults::broken(Mutant::RestartUnnoticed) { ALL } else { lost }
    }

    /// Forgets those that have been silent for too long; `true` if there were any.
    pub(super) fn forget_silent(&mut self, now: Instant) -> bool {
        let before = self.known.len();
        self.known.retain(|_, known| now.saturating_duration_since(known.heard) < BEAT_MISSED);
        self.known.len() < before && !faults::broken(Mutant::RestartUnnoticed)
    }

    /// The incarnations that are alive, sorted.
    pub(super) fn alive(&self) -> Vec<String> {
        let mut alive: Vec<String> = self.known.keys().cloned().collect();
        alive.sort_unstable();
        alive
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn beat(counts: &[(usize, u64)]) -> Beat {
        let mut all = vec![0; SHARDS as usize];
        for (shard, count) in counts {
            all[*shard] = *count;
        }
        Beat { incarnation: "i".into(), counts: all, epoch: "e".into() }
    }

    #[test]
    fn a_gap_points_at_its_shard_and_a_repeat_is_nothing() {
        let (mut beats, now) = (Beats::default(), Instant::now());
        assert_eq!(beats.beat(&beat(&[]), now), ALL, "a new incarnation may have told something before");
        assert_eq!(beats.counted("i", 3, 1, now), Counted::Next);
        assert_eq!(beats.counted("i", 3, 1, now), Counted::Repeat);
        assert_eq!(beats.counted("i", 3, 3, now), Counted::Lost(1 << 3));
        assert_eq!(beats.counted("i", 3, 2, now), Counted::Repeat);
        assert_eq!(beats.beat(&beat(&[(3, 3)]), now), 0);
        assert_eq!(beats.beat(&beat(&[(3, 4), (5, 1)]), now), 1 << 3 | 1 << 5);
        assert_eq!(beats.beat(&beat(&[(3, 4), (5, 1)]), now), 0);
        assert_eq!(beats.counted("i", 3, 5, now), Counted::Next);
    }

    #[test]
    fn a_dbmgr_that_was_silent_is_new_when_it_comes_back() {
        let (mut beats, now) = (Beats::default(), Instant::now());
        assert_eq!(beats.counted("i", 0, 7, now), Counted::Lost(ALL));
        assert_eq!(beats.alive(), ["i"]);
        assert!(!beats.forget_silent(now + BEAT_MISSED - Duration::from_millis(1)));
        assert!(beats.forget_silent(now + BEAT_MISSED));
        assert!(beats.alive().is_empty());
        assert_eq!(beats.beat(&beat(&[(0, 7)]), now + BEAT_MISSED), ALL);
    }
}
