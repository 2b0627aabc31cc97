//! The common time of all who share a database. It runs by the machine's clock that nobody sets, and follows the
//! database server's wall clock (SQLite's machine's own): what somebody does to the clock of one node is nothing to it,
//! and when the leading clock itself is set, it follows slowly. So no session, deadline or snooze jumps.

use crate::limits::{CLOCK_JUMP_MS, CLOCK_LOOKS, CLOCK_LOOKS_OF_OTHERS, CLOCK_ROUND_TRIP_MS, CLOCK_STEP_MS};
use crate::metric;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use switchboard_domain::{Clock, Millis};
use switchboard_storage::{CommonTime, Correction, Error, Store};

/// The common time as this process knows it.
pub(crate) struct CommonClock {
    machine: Arc<dyn Clock>,
    /// What is added to the machine's clock that nobody sets.
    ahead: AtomicI64,
    /// Looks in a row that found it far from what the database says.
    odd: AtomicU32,
    /// Whether this process corrects it for everybody: the one that routes.
    keeps: AtomicBool,
}

impl Clock for CommonClock {
    fn now(&self) -> Millis {
        CommonClock::now(self)
    }

    fn elapsed(&self) -> Millis {
        self.machine.elapsed()
    }
}

/// What one look found.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// The leading clock.
    leader: Millis,
    correction: Correction,
    /// Our time at the same moment, and how sure that is.
    ours: Millis,
    unsure: Millis,
    keeps: bool,
    /// Looks before this one that found us far apart.
    odd: u32,
}

/// What is to be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Stay,
    /// Add this.
    Move(Millis),
    /// Look again first: it may be us who stood still for a while.
    Wait,
    /// The leading clock was set: go on as we do, and say so to everybody.
    Correct(Correction),
}

impl Look {
    fn judge(self) -> Verdict {
        let apart = self.leader + self.correction.at(self.leader) - self.ours;
        let enough = if self.keeps { CLOCK_LOOKS } else { CLOCK_LOOKS_OF_OTHERS };
        if apart.abs() <= self.unsure {
            Verdict::Stay
        } else if apart.abs() <= CLOCK_STEP_MS {
            Verdict::Move(apart)
        } else if self.odd + 1 < enough {
            Verdict::Wait
        } else if !self.keeps {
            Verdict::Move(apart)
        } else {
            let by = self.ours - self.leader;
            // By so much only a clock is set that was plainly wrong before.
            let by = if by.abs() > CLOCK_JUMP_MS { 0 } else { by };
            Verdict::Correct(Correction { by, since: self.leader })
        }
    }
}

impl CommonClock {
    /// By the machine's wall clock, until somebody looks what the database says.
    pub(crate) fn new(machine: Arc<dyn Clock>) -> Self {
        let ahead = AtomicI64::new(machine.now().saturating_sub(machine.elapsed()));
        Self { machine, ahead, odd: AtomicU32::new(0), keeps: AtomicBool::new(false) }
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Millis {
        self.machine.elapsed().saturating_add(self.ahead.load(Ordering::Relaxed))
    }

    /// Whether this process keeps the time for everybody from now on.
    pub(crate) fn keep(&self, keeps: bool) {
        self.keeps.store(keeps, Ordering::Relaxed);
    }

    /// Takes over what the database says, before anything is done by it.
    pub(crate) async fn set(&self, store: &Store) -> Result<(), Error> {
        let (told, ours, _) = self.ask(store).await?;
        let leader = told.server.unwrap_or_else(|| self.machine.now());
        self.advance(leader + told.correction.at(leader) - ours);
        self.odd.store(0, Ordering::Relaxed);
        Ok(())
    }

    /// Looks whether we still agree with the database.
    pub(crate) async fn look(&self, store: &Store) -> Result<(), Error> {
        let (told, ours, took) = self.ask(store).await?;
        if told.server.is_some() && took > CLOCK_ROUND_TRIP_MS {
            return Ok(());
        }
        let (leader, ours, unsure) = match told.server {
            Some(server) => (server, ours, took / 2 + 1),
            None => (self.machine.now(), self.now(), 1),
        };
        let (odd, keeps) = (self.odd.load(Ordering::Relaxed), self.keeps.load(Ordering::Relaxed));
        let correction = told.correction;
        let verdict = Look { leader, correction, ours, unsure, keeps, odd }.judge();
        let odd = if verdict == Verdict::Wait { odd + 1 } else { 0 };
        self.odd.store(odd, Ordering::Relaxed);
        let mut left = correction;
        match verdict {
            Verdict::Stay | Verdict::Wait => {}
            Verdict::Move(by) => {
                if by.abs() > CLOCK_STEP_MS {
                    tracing::warn!(by_ms = by, "this process stood still: it takes over the common time");
                }
                self.advance(by);
            }
            Verdict::Correct(correction) => {
                store.correct_time(correction).await?;
                self.advance(leader + correction.at(leader) - ours);
                left = correction;
                let now_s = correction.by / 1_000;
                tracing::warn!(apart_s = now_s, "the clock was set while running: the time follows slowly");
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a gauge in seconds")]
        metrics::gauge!(metric::CLOCK_CORRECTION).set(left.at(leader) as f64 / 1_000.0);
        Ok(())
    }

    /// What the database says, our time in the middle of asking, and how long that took.
    async fn ask(&self, store: &Store) -> Result<(CommonTime, Millis, Millis), Error> {
        let before = self.now();
        let told = store.common_time().await?;
        let took = self.now().saturating_sub(before).max(0);
        Ok((told, before + took / 2, took))
    }

    fn advance(&self, by: Millis) {
        self.ahead.fetch_add(by, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Millis = 3_600_000;
    const NONE: Correction = Correction { by: 0, since: 0 };

    fn look(apart: Millis, correction: Correction, odd: u32, keeps: bool) -> Verdict {
        let leader = 1_000 * HOUR;
        let ours = leader + correction.at(leader) - apart;
        Look { leader, correction, ours, unsure: 5, keeps, odd }.judge()
    }

    #[test]
    fn it_follows_small_steps_at_once() {
        for keeps in [true, false] {
            assert_eq!(look(5, NONE, 0, keeps), Verdict::Stay, "nobody is so sure");
            assert_eq!(look(-6, NONE, 0, keeps), Verdict::Move(-6));
            assert_eq!(look(CLOCK_STEP_MS, NONE, 0, keeps), Verdict::Move(CLOCK_STEP_MS));
        }
    }

    #[test]
    fn who_routes_holds_the_time_when_the_leading_clock_is_set() {
        let leader = 1_000 * HOUR;
        for by in [HOUR, -HOUR] {
            assert_eq!(look(by, NONE, 0, true), Verdict::Wait, "it may be us");
            let held = Correction { by: -by, since: leader };
            assert_eq!(look(by, NONE, CLOCK_LOOKS - 1, true), Verdict::Correct(held));
            // And back again, a while later.
            let faded = Correction { by: -by, since: leader - HOUR };
            let rest = faded.at(leader);
            let back = Correction { by: rest - by, since: leader };
            assert_eq!(look(by, faded, CLOCK_LOOKS - 1, true), Verdict::Correct(back));
        }
        let plain = Correction { by: 0, since: leader };
        assert_eq!(
            look(24 * HOUR, NONE, CLOCK_LOOKS - 1, true),
            Verdict::Correct(plain),
            "it was wrong before"
        );
    }

    #[test]
    fn who_does_not_route_follows_when_nobody_holds_it() {
        assert_eq!(look(HOUR, NONE, CLOCK_LOOKS_OF_OTHERS - 2, false), Verdict::Wait);
        assert_eq!(look(HOUR, NONE, CLOCK_LOOKS_OF_OTHERS - 1, false), Verdict::Move(HOUR));
    }
}
