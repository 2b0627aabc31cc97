//! The course of one turn over its attempts: pure, with the time as an argument.

use std::time::Duration;

use switchboard_domain::limits::{TURN_ATTEMPTS, TURN_EXTENDED_MS};
use tokio::time::Instant;

use crate::limits::{TURN_RETRY, TURN_RETRY_ABSENT};

/// Why an attempt failed, as far as it matters for the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// No instance was there; one may be restarting.
    Absent,
    /// Everything else.
    Failed,
}

/// What comes after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Another attempt after a pause.
    Retry {
        /// Attempts that failed so far.
        attempts: i64,
        /// The pause.
        after: Duration,
    },
    /// None is left, of attempts or of time.
    GiveUp,
}

/// The course of one turn. All of it, waiting in line included, takes no longer than three attempts and their
/// pauses would; only the automation's own `working` frames stretch that, to a minute since it was first asked.
#[derive(Debug, Clone)]
pub struct Course {
    failed: i64,
    deadline: Duration,
    /// When the first attempt began.
    asked: Option<Instant>,
    /// When the present attempt ends without any `working` frame.
    planned: Instant,
    attempt_ends: Instant,
    all_ends: Instant,
    /// When all of it ends without any `working` frame.
    unstretched: Instant,
}

impl Course {
    /// A turn that waits since `since`, of which so many attempts failed before.
    pub fn new(failed: i64, deadline: Duration, since: Instant) -> Self {
        Self {
            failed: failed.clamp(0, TURN_ATTEMPTS),
            deadline,
            asked: None,
            planned: since,
            attempt_ends: since,
            all_ends: since + budget(deadline),
            unstretched: since + budget(deadline),
        }
    }

    /// Whether neither time nor attempts are left.
    pub fn is_over(&self, now: Instant) -> bool {
        self.failed >= TURN_ATTEMPTS || now >= self.all_ends
    }

    /// Begins the next attempt; its number, 1 at first.
    pub fn begin(&mut self, now: Instant) -> i64 {
        self.asked.get_or_insert(now);
        self.planned = (now + self.deadline).min(self.all_ends.max(now));
        self.attempt_ends = self.planned;
        self.failed + 1
    }

    /// When the present attempt ends without a reply.
    pub fn ends(&self) -> Instant {
        self.attempt_ends
    }

    /// A `working` frame came: the attempt may go on for `more` beyond its deadline, or from now if that is later;
    /// 60 s in all since the turn was first asked, whichever attempt it is.
    pub fn working(&mut self, more: Duration, now: Instant) {
        let asked = self.asked.unwrap_or(now);
        let longest = asked + Duration::from_millis(TURN_EXTENDED_MS.unsigned_abs());
        let wanted = (self.planned.max(now) + more).min(longest);
        if wanted > self.attempt_ends {
            // Time that the automation asked for is not taken from its other attempts, unless the minute is over.
            self.all_ends = (self.all_ends + (wanted - self.attempt_ends)).min(longest.max(self.unstretched));
            self.attempt_ends = wanted;
        }
    }

    /// The attempt failed.
    pub fn fail(&mut self, cause: Cause, now: Instant) -> Next {
        self.failed += 1;
        let pauses = match cause {
            Cause::Absent => &TURN_RETRY_ABSENT,
            Cause::Failed => &TURN_RETRY,
        };
        let pause = usize::try_from(self.failed - 1).ok().and_then(|index| pauses.get(index));
        match pause {
            Some(&after) if self.failed < TURN_ATTEMPTS && now + after < self.all_ends => {
                Next::Retry { attempts: self.failed, after }
            }
            _ => Next::GiveUp,
        }
    }
}

/// The longest that a turn takes without `working` frames.
pub(super) fn budget(deadline: Duration) -> Duration {
    let attempts = u32::try_from(TURN_ATTEMPTS).unwrap_or(1);
    deadline * attempts + TURN_RETRY_ABSENT.iter().sum::<Duration>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use switchboard_domain::limits::DEFAULT_TURN_DEADLINE_MS;

    const DEADLINE: Duration = Duration::from_millis(DEFAULT_TURN_DEADLINE_MS.unsigned_abs());

    #[test]
    fn a_silent_automation_loses_the_visitor_to_people_within_twenty_seconds() {
        let start = Instant::now();
        let mut course = Course::new(0, DEADLINE, start);
        let mut now = start;
        for attempt in 1.. {
            assert_eq!(course.begin(now), attempt);
            now = course.ends();
            match course.fail(Cause::Failed, now) {
                Next::Retry { attempts, after } => {
                    assert_eq!(attempts, attempt);
                    now += after;
                }
                Next::GiveUp => {
                    assert_eq!(attempt, TURN_ATTEMPTS);
                    break;
                }
            }
        }
        assert!(now - start <= Duration::from_secs(17), "{:?}", now - start);
        assert!(budget(DEADLINE) <= Duration::from_secs(18));
    }

    #[test]
    fn waiting_in_line_counts() {
        let start = Instant::now();
        let mut course = Course::new(0, DEADLINE, start);
        let late = start + Duration::from_secs(16);
        assert!(!course.is_over(late));
        course.begin(late);
        assert_eq!(course.ends(), start + budget(DEADLINE), "cut short");
        assert_eq!(course.fail(Cause::Failed, course.ends()), Next::GiveUp);
        assert!(course.is_over(start + budget(DEADLINE)));
    }

    #[test]
    fn attempts_that_were_stored_count() {
        let start = Instant::now();
        let mut course = Course::new(2, DEADLINE, start);
        assert_eq!(course.begin(start), 3);
        assert_eq!(course.fail(Cause::Absent, start), Next::GiveUp);
        assert!(Course::new(3, DEADLINE, start).is_over(start));
    }

    #[test]
    fn working_frames_stretch_an_attempt_to_a_minute_and_no_further() {
        let start = Instant::now();
        let mut course = Course::new(0, DEADLINE, start);
        course.begin(start);
        course.working(Duration::from_secs(1), start);
        assert_eq!(course.ends(), start + DEADLINE + Duration::from_secs(1), "beyond the deadline");
        course.working(Duration::ZERO, start);
        assert_eq!(course.ends(), start + DEADLINE + Duration::from_secs(1), "never shorter");
        let later = start + DEADLINE + Duration::from_millis(500);
        course.working(Duration::from_secs(1), later);
        assert_eq!(course.ends(), later + Duration::from_secs(1), "from now, once the deadline is over");
        for second in 0..100 {
            course.working(Duration::from_secs(30), (start + Duration::from_secs(second)).min(course.ends()));
        }
        assert_eq!(course.ends(), start + Duration::from_secs(60));
        assert_eq!(course.fail(Cause::Failed, course.ends()), Next::GiveUp, "the minute is over");
    }

    #[test]
    fn what_an_attempt_asked_for_is_not_taken_from_the_others_within_the_minute() {
        let start = Instant::now();
        let mut course = Course::new(0, DEADLINE, start);
        course.begin(start);
        course.working(Duration::from_secs(20), start);
        let failed = course.ends();
        assert!(matches!(course.fail(Cause::Failed, failed), Next::Retry { attempts: 1, .. }));
        course.begin(failed);
        assert_eq!(course.ends(), failed + DEADLINE);
        // The second attempt asks for all that there is: the same minute.
        course.working(Duration::from_secs(60), failed);
        assert_eq!(course.ends(), start + Duration::from_secs(60));
    }

    proptest! {
        /// Whatever fails when: at most three attempts, and an end within the budget plus what `working` asked
        /// for (60 s in all).
        #[test]
        fn every_course_ends(
            line in 0u64..40_000, deadline in 100u64..60_000,
            steps in prop::collection::vec((0u64..70_000, prop::option::of(0u64..70_000), any::<bool>()), 3),
        ) {
            let start = Instant::now();
            let deadline = Duration::from_millis(deadline);
            let mut course = Course::new(0, deadline, start);
            let mut now = start + Duration::from_millis(line);
            let mut attempts = 0;
            for (wait, more, absent) in steps {
                if course.is_over(now) { break }
                attempts = course.begin(now);
                if let Some(more) = more {
                    course.working(Duration::from_millis(more), now);
                }
                prop_assert!(course.ends() <= now + Duration::from_secs(60).max(deadline));
                now = (now + Duration::from_millis(wait)).min(course.ends());
                match course.fail(if absent { Cause::Absent } else { Cause::Failed }, now) {
                    Next::Retry { after, .. } => now += after,
                    Next::GiveUp => break,
                }
            }
            prop_assert!(attempts <= TURN_ATTEMPTS);
            let minute = Duration::from_millis(line) + Duration::from_secs(60);
            let longest = Duration::from_millis(line).max(budget(deadline)).max(minute);
            prop_assert!(now - start <= longest);
        }
    }
}
