//! How fast a queue moves: the basis of an honest estimate.

use std::collections::VecDeque;

use tokio::time::Instant;

use crate::limits::{ESTIMATE_MAX, ESTIMATE_STEP, PACE_BASIS, PACE_MEMORY, PACE_WINDOW};

/// When conversations last left one queue, whatever took them.
#[derive(Debug, Default)]
pub(super) struct Pace {
    left: VecDeque<Instant>,
}

impl Pace {
    /// A conversation left the queue.
    pub(super) fn leave(&mut self, now: Instant) {
        if self.left.len() == PACE_MEMORY {
            self.left.pop_front();
        }
        self.left.push_back(now);
    }

    /// Whether anything left within the window.
    pub(super) fn is_recent(&self, now: Instant) -> bool {
        self.left.back().is_some_and(|at| now.duration_since(*at) < PACE_WINDOW)
    }

    /// Seconds until the `place`-th (1 is next) will have left at the present pace, in whole minutes; `None`
    /// without a basis. The time since the last departure counts, so a queue that stands still says so.
    pub(super) fn estimate_s(&self, place: usize, now: Instant) -> Option<i64> {
        let mut recent = self.left.iter().filter(|at| now.duration_since(**at) < PACE_WINDOW);
        let first = *recent.next()?;
        // The first departure opens the time that the others are counted in.
        let count = recent.count();
        if count + 1 < PACE_BASIS {
            return None;
        }
        let each = now.duration_since(first) / u32::try_from(count).ok()?;
        let all = each.checked_mul(u32::try_from(place).ok()?)?;
        if all > ESTIMATE_MAX {
            return None;
        }
        let steps = all.as_secs() / ESTIMATE_STEP.as_secs() + 1;
        i64::try_from(steps * ESTIMATE_STEP.as_secs()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_estimate_needs_a_basis_and_grows_when_the_queue_stands_still() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        let at = |s| start + Duration::from_secs(s);
        assert_eq!(pace.estimate_s(1, at(0)), None);
        pace.leave(at(0));
        pace.leave(at(30));
        assert_eq!(pace.estimate_s(1, at(31)), None, "two are no basis");
        pace.leave(at(60));
        // Every 30 s one: the fourth is gone in two minutes, said as "within three".
        assert_eq!(pace.estimate_s(1, at(60)), Some(60));
        assert_eq!(pace.estimate_s(4, at(60)), Some(180));
        assert_eq!(pace.estimate_s(4, at(240)), Some(540));
        assert_eq!(pace.estimate_s(10_000, at(60)), None, "beyond the largest");
        assert_eq!(pace.estimate_s(1, at(60 + PACE_WINDOW.as_secs())), None, "too long ago");
    }

    #[test]
    fn memory_is_bounded() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        for n in 0..1_000 {
            pace.leave(start + Duration::from_millis(n));
        }
        assert_eq!(pace.left.len(), PACE_MEMORY);
    }
}
