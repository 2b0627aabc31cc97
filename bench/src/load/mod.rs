//! The load: what a crowd writes, and how long that takes.
//!
//! Closed loop: each conversation has so many messages under way, and the next one leaves when one of them has been
//! acknowledged *and* delivered. Open loop: messages leave at their times whatever became of those before, and their
//! clock starts at the intended time.

mod flight;
mod sample;

pub use sample::{Latencies, Sample};

use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use crate::crowd::{Crowd, Ear, Way};
use crate::driver::{Driver, Heard, Who};
use crate::setting::{Setting, TEXT_BYTES};
use crate::usage::Meter;
use flight::Flights;

/// How long what is under way may take to arrive after the window.
const SETTLE: Duration = Duration::from_secs(20);
/// Looks at who has something to say while others are being measured.
const LOOKS: usize = 16;
/// What is written, over and over until a text is long enough.
const WORDS: &str = "Is this still the right place to ask? ";

/// A conversation that is written to.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its id, in the system's own terms.
    pub conversation: String,
    /// Whose it is.
    pub visitor: Who,
    /// Who follows it and answers: the place in [`Cast::staff`].
    pub staff: usize,
}

/// Everybody in a load.
#[derive(Debug, Clone, Default)]
pub struct Cast {
    /// The conversations, one visitor each.
    pub lines: Vec<Line>,
    /// Those who follow them.
    pub staff: Vec<Who>,
}

/// How messages leave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// So many conversations (the first ones) with so many messages under way each; visitors write.
    Closed {
        /// Conversations.
        conversations: usize,
        /// Messages under way in each.
        each: usize,
    },
    /// So many messages a second over all conversations in turn; every second one is the staff's.
    Open {
        /// Messages per second.
        per_second: f64,
    },
}

/// A load that is connected and signed in.
pub struct Load<'a> {
    driver: &'a dyn Driver,
    cast: Cast,
    /// The staff, then the visitors.
    crowd: Crowd<'a>,
    listener: Listener,
    text: String,
}

/// Hears for all clients.
#[derive(Default)]
struct Listener {
    flights: Flights,
    /// Lines of messages that are done; each may be followed by the next one.
    freed: Vec<usize>,
    /// The first refusal.
    refusal: Option<String>,
}

impl Ear for Listener {
    fn hear(&mut self, who: usize, heard: Heard<'_>) {
        let done = match heard {
            Heard::Acked(number) => self.flights.acked(number),
            Heard::Delivered(number) => self.flights.delivered(number, who),
            Heard::Refused(words) => {
                self.refusal.get_or_insert_with(|| String::from_utf8_lossy(words).into_owned());
                None
            }
            Heard::Resumed => None,
        };
        self.freed.extend(done);
    }
}

impl<'a> Load<'a> {
    /// Connects everybody and signs them in, the staff first.
    ///
    /// # Errors
    /// When one of them is refused.
    pub fn open(driver: &'a dyn Driver, cast: Cast) -> anyhow::Result<Self> {
        ensure!(cast.lines.iter().all(|line| line.staff < cast.staff.len()), "a line without staff");
        let visitors = cast.lines.iter().map(|line| line.visitor.clone());
        let everybody: Vec<Who> = cast.staff.iter().cloned().chain(visitors).collect();
        let (staff, all) = (cast.staff.len(), everybody.len());
        let mut listener = Listener::default();
        let mut crowd = Crowd::new(driver, everybody)?;
        for range in [0..staff, staff..all] {
            crowd.gather(range, Way::of, &mut listener).with_context(|| driver.name().to_owned())?;
        }
        let text = WORDS.chars().cycle().take(TEXT_BYTES).collect();
        Ok(Self { driver, cast, crowd, listener, text })
    }

    /// Its system.
    #[must_use]
    pub fn driver(&self) -> &'a dyn Driver {
        self.driver
    }

    /// Warms up, measures for a window, and waits until everything under way has arrived.
    ///
    /// # Errors
    /// When the system refuses a message, loses one, or closes a connection.
    pub fn run(&mut self, setting: &Setting, pace: Pace) -> anyhow::Result<Sample> {
        self.tend()?;
        self.listener.flights.begin();
        let mut clock = Clock::new(pace);
        if let Pace::Closed { conversations, each } = pace {
            ensure!(conversations <= self.cast.lines.len(), "only {} conversations", self.cast.lines.len());
            for _ in 0..each {
                (0..conversations).try_for_each(|line| self.send(line, true, Instant::now()))?;
            }
        }
        self.until(Instant::now() + setting.warm_up, &mut clock)?;
        let meter = Meter::start(&self.driver.processes())?;
        let (begin, before) = (Instant::now(), self.listener.flights.under_way());
        self.listener.flights.measure()?;
        self.until(begin + setting.window, &mut clock)?;
        let (took, cpu) = (begin.elapsed(), meter.each()?);
        let after = self.listener.flights.under_way();
        let done = self.listener.flights.done_while_measuring();
        self.settle()?;
        let (acked, delivered) = self.listener.flights.end()?;
        Ok(Sample { took, done, acked, delivered, cpu, under_way: (before, after) })
    }

    /// Answers pings while others are being measured.
    ///
    /// # Errors
    /// When the system has closed a connection.
    pub fn tend(&mut self) -> anyhow::Result<()> {
        for _ in 0..LOOKS {
            self.turn(Duration::ZERO)?;
        }
        self.listener.freed.clear();
        Ok(())
    }

    /// Lets everything happen until a moment.
    fn until(&mut self, end: Instant, clock: &mut Clock) -> anyhow::Result<()> {
        loop {
            let now = Instant::now();
            if now >= end {
                return Ok(());
            }
            match clock {
                Clock::Closed => {
                    self.turn(end - now)?;
                    let mut freed = std::mem::take(&mut self.listener.freed);
                    let now = Instant::now();
                    freed.drain(..).try_for_each(|line| self.send(line, true, now))?;
                    self.listener.freed = freed;
                }
                // Nothing may delay the next message: the core is ours, and is not given away.
                Clock::Open { .. } => {
                    while let Some((number, due)) = clock.due(now) {
                        let lines = self.cast.lines.len();
                        self.send(number / 2 % lines, number.is_multiple_of(2), due)?;
                    }
                    self.turn(Duration::ZERO)?;
                    self.listener.freed.clear();
                }
            }
        }
    }

    /// Waits until everything under way has arrived.
    fn settle(&mut self) -> anyhow::Result<()> {
        let end = Instant::now() + SETTLE;
        loop {
            let left = self.listener.flights.under_way();
            if left == 0 {
                return Ok(());
            }
            if Instant::now() > end {
                let name = self.driver.name();
                bail!("{name}: {left} messages were not acknowledged and delivered within {SETTLE:?}");
            }
            self.turn(Duration::from_millis(10))?;
        }
    }

    /// Looks once at who has something to say.
    fn turn(&mut self, patience: Duration) -> anyhow::Result<()> {
        self.crowd.turn(patience, &mut self.listener)?;
        let name = self.driver.name();
        if let Some(words) = &self.listener.refusal {
            bail!("{name} refused: {words}");
        }
        ensure!(self.crowd.take_lost().is_empty(), "{name} ended a connection: {}", self.crowd.last_end());
        Ok(())
    }

    /// Sends a message in a line, by its visitor or by its staff.
    fn send(&mut self, line: usize, by_visitor: bool, due: Instant) -> anyhow::Result<()> {
        let there = self.cast.lines.get(line).with_context(|| format!("no line {line}"))?;
        let at = if by_visitor { self.cast.staff.len() + line } else { there.staff };
        let number = self.listener.flights.leave(line, at, due);
        self.crowd.send(at, &there.conversation, number, &self.text, &mut self.listener);
        Ok(())
    }
}

/// When messages leave.
enum Clock {
    Closed,
    Open { begin: Instant, step: Duration, number: usize },
}

impl Clock {
    fn new(pace: Pace) -> Self {
        match pace {
            Pace::Closed { .. } => Self::Closed,
            Pace::Open { per_second } => {
                let step = Duration::from_secs_f64(1.0 / per_second.max(0.001));
                Self::Open { begin: Instant::now(), step, number: 0 }
            }
        }
    }

    /// The next message that should have left by now, with the time at which it should.
    fn due(&mut self, now: Instant) -> Option<(usize, Instant)> {
        let Self::Open { begin, step, number } = self else { return None };
        let due = *begin + step.mul_f64(*number as f64);
        (due <= now).then(|| {
            *number += 1;
            (*number - 1, due)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_an_open_loop_leave_at_their_times_also_when_the_load_was_late() {
        let mut clock = Clock::new(Pace::Open { per_second: 1_000.0 });
        let Clock::Open { begin, .. } = clock else { panic!("closed") };
        let late = begin + Duration::from_micros(2_500);
        let due: Vec<Duration> = std::iter::from_fn(|| clock.due(late)).map(|(_, due)| due - begin).collect();
        assert_eq!(due, [0, 1, 2].map(Duration::from_millis));
        assert!(clock.due(begin + Duration::from_millis(3)).is_some_and(|(number, _)| number == 3));
    }
}
