//! Messages under way, by their numbers.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::sample::Latencies;

/// Numbers are never used twice in this process: a system remembers the ids that it has seen.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// What is still to come for a message.
const ACK: u8 = 1;
const DELIVERY: u8 = 2;

#[derive(Debug, Clone, Copy)]
struct Flight {
    due: Instant,
    line: u32,
    sender: u32,
    missing: u8,
}

/// Messages of one run, in the order of their numbers.
#[derive(Debug, Default)]
pub(super) struct Flights {
    first: u64,
    all: Vec<Flight>,
    under_way: usize,
    /// Since when is measured, and what that gave.
    measuring: Option<Measuring>,
}

#[derive(Debug)]
struct Measuring {
    since: Instant,
    done: u64,
    acked: Latencies,
    delivered: Latencies,
}

impl Flights {
    /// Forgets everything, for a new run.
    pub(super) fn begin(&mut self) {
        *self = Self { first: NEXT.load(Ordering::Relaxed), ..Self::default() };
    }

    /// From now on counts.
    pub(super) fn measure(&mut self) -> anyhow::Result<()> {
        let (acked, delivered) = (Latencies::new()?, Latencies::new()?);
        self.measuring = Some(Measuring { since: Instant::now(), done: 0, acked, delivered });
        Ok(())
    }

    /// How many became complete since [`Flights::measure`].
    pub(super) fn done_while_measuring(&self) -> u64 {
        self.measuring.as_ref().map_or(0, |measuring| measuring.done)
    }

    /// The latencies of those that should have left since [`Flights::measure`], however late they arrived.
    pub(super) fn end(&mut self) -> anyhow::Result<(Latencies, Latencies)> {
        match self.measuring.take() {
            Some(measuring) => Ok((measuring.acked, measuring.delivered)),
            None => Ok((Latencies::new()?, Latencies::new()?)),
        }
    }

    /// How many are under way.
    pub(super) fn under_way(&self) -> usize {
        self.under_way
    }

    /// One leaves; answers its number.
    pub(super) fn leave(&mut self, line: usize, sender: usize, due: Instant) -> u64 {
        let (line, sender) = (line as u32, sender as u32);
        self.all.push(Flight { due, line, sender, missing: ACK | DELIVERY });
        self.under_way += 1;
        NEXT.fetch_add(1, Ordering::Relaxed)
    }

    /// It is acknowledged; answers its line when it is complete by that.
    pub(super) fn acked(&mut self, number: u64) -> Option<usize> {
        self.arrived(number, ACK, None)
    }

    /// It has reached a connection; answers its line when it is complete by that.
    pub(super) fn delivered(&mut self, number: u64, at: usize) -> Option<usize> {
        self.arrived(number, DELIVERY, Some(at))
    }

    fn arrived(&mut self, number: u64, what: u8, at: Option<usize>) -> Option<usize> {
        // What an earlier run has sent is not ours.
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        let flight = self.all.get_mut(index)?;
        if flight.missing & what == 0 || at.is_some_and(|at| at == flight.sender as usize) {
            return None;
        }
        flight.missing &= !what;
        let (due, line, complete) = (flight.due, flight.line, flight.missing == 0);
        if let Some(measuring) = &mut self.measuring {
            if due >= measuring.since {
                let latencies = if what == ACK { &mut measuring.acked } else { &mut measuring.delivered };
                latencies.record(due.elapsed());
            }
            measuring.done += u64::from(complete);
        }
        if !complete {
            return None;
        }
        self.under_way -= 1;
        Some(line as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_done_when_it_is_acknowledged_and_the_other_side_has_it() {
        let mut flights = Flights::default();
        flights.begin();
        flights.measure().unwrap();
        let now = Instant::now();
        let number = flights.leave(3, 7, now);
        assert_eq!(flights.delivered(number, 7), None, "the sender's own");
        assert_eq!(flights.acked(number), None);
        assert_eq!(flights.acked(number), None, "twice");
        assert_eq!((flights.under_way(), flights.done_while_measuring()), (1, 0));
        assert_eq!(flights.delivered(number, 8), Some(3));
        assert_eq!((flights.under_way(), flights.done_while_measuring()), (0, 1));
        assert_eq!(flights.delivered(number + 1, 8), None, "unknown");
        let (acked, delivered) = flights.end().unwrap();
        assert_eq!((acked.count(), delivered.count()), (1, 1));
    }

    #[test]
    fn what_should_have_left_before_the_window_is_no_latency_of_it() {
        let mut flights = Flights::default();
        flights.begin();
        let early = Instant::now();
        let number = flights.leave(0, 0, early);
        std::thread::sleep(std::time::Duration::from_millis(2));
        flights.measure().unwrap();
        flights.acked(number);
        assert_eq!(flights.end().unwrap().0.count(), 0);
    }
}
