//! How a team works: when it is there, whom it prefers, and who helps out.

use crate::clock::Millis;
use crate::hours::Hours;
use crate::id::TeamId;

/// How long a conversation waits for an agent with the right skills while one is online, by default, in seconds.
pub const DEFAULT_WIDEN_S: i64 = 30;
/// Bounds of that.
pub const WIDEN_S: std::ops::RangeInclusive<i64> = 0..=3_600;
/// How long nobody has spoken before a conversation counts against its agent's capacity no more, by default, in seconds.
pub const DEFAULT_SILENT_S: i64 = 15 * 60;
/// Bounds of that.
pub const SILENT_S: std::ops::RangeInclusive<i64> = 60..=7 * 86_400;
/// Bounds of the wait before another team helps out, in seconds.
pub const OVERFLOW_S: std::ops::RangeInclusive<i64> = 0..=86_400;

/// What an admin says of a team, beside its name and its time for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRules {
    /// When it is there; always, if none.
    pub hours: Option<Hours>,
    /// Seconds for which the agents with the right skills are waited for, if any of them is online.
    pub widen_s: i64,
    /// Seconds of silence after which a conversation that waits for its visitor leaves room for another one.
    pub silent_s: i64,
    /// Who helps out.
    pub overflow: Option<Overflow>,
}

/// The team that helps out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overflow {
    /// Which.
    pub team: TeamId,
    /// After how many seconds in the queue; at once when nobody of the own team is there.
    pub after_s: i64,
}

impl Default for TeamRules {
    fn default() -> Self {
        Self { hours: None, widen_s: DEFAULT_WIDEN_S, silent_s: DEFAULT_SILENT_S, overflow: None }
    }
}

impl TeamRules {
    /// Whether it is there at this time.
    pub fn is_open(&self, now: Millis) -> bool {
        self.hours.as_ref().is_none_or(|hours| hours.is_open(now))
    }

    /// When it opens next, while it is closed.
    pub fn opens_at(&self, now: Millis) -> Option<Millis> {
        self.hours.as_ref().filter(|hours| !hours.is_open(now))?.opens_at(now)
    }
}
