//! The place in the queue as followers are shown it: when it changes, and not more often than every ten seconds.

use crate::limits::QUEUE_EVERY;
use tokio::time::Instant;

/// A place, and seconds where there is a basis.
pub(super) type Value = (i64, Option<i64>);

/// What was shown last, and what is to be shown next.
#[derive(Debug, Default)]
pub(super) struct Place {
    shown: Option<(Value, Instant)>,
    next: Option<Value>,
}

impl Place {
    /// A new value; answers it if it is to be shown now.
    pub(super) fn offer(&mut self, value: Value, now: Instant) -> Option<Value> {
        self.next = (self.shown.map(|(shown, _)| shown) != Some(value)).then_some(value);
        self.due(now)
    }

    /// The value that waited, once its time has come.
    pub(super) fn due(&mut self, now: Instant) -> Option<Value> {
        let recent = self.shown.is_some_and(|(_, at)| now.saturating_duration_since(at) < QUEUE_EVERY);
        if recent {
            return None;
        }
        let value = self.next.take()?;
        self.shown = Some((value, now));
        Some(value)
    }

    /// Whether a value waits.
    pub(super) fn waits(&self) -> bool {
        self.next.is_some()
    }

    /// It is not in the queue any more; when it comes back, its first place is shown at once.
    pub(super) fn left(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_place_is_shown_when_it_changes_and_not_too_often() {
        let (mut place, start) = (Place::default(), Instant::now());
        let s = |s| start + Duration::from_secs(s);
        assert_eq!(place.offer((3, None), s(0)), Some((3, None)));
        assert_eq!(place.offer((3, None), s(11)), None, "the same");
        assert_eq!(place.offer((2, None), s(12)), Some((2, None)));
        assert_eq!(place.offer((1, None), s(13)), None, "too soon");
        assert!(place.waits());
        assert_eq!((place.due(s(21)), place.due(s(22)), place.due(s(40))), (None, Some((1, None)), None));
        assert_eq!(place.offer((2, None), s(23)), None);
        assert_eq!(place.offer((1, None), s(24)), None, "back to what is shown");
        assert!(!place.waits());
        place.left();
        assert_eq!(place.offer((1, None), s(25)), Some((1, None)));
    }
}
