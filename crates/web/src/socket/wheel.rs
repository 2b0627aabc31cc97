//! Pings and silence: one ticker for all sockets of a node, which looks at a twentieth of them each second.

use super::bye::Bye;
use super::reader::Reader;
use crate::edge::Shared;
use crate::limits::{PING_EVERY_S, SILENCE_S};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// A socket's silence is looked at so many times between two pings.
const LOOKS: u64 = 4;

/// The sockets of a node, in as many slots as there are seconds between two pings.
#[derive(Debug)]
pub(crate) struct Wheel {
    slots: Vec<Mutex<HashMap<u64, Arc<Reader>>>>,
}

impl Default for Wheel {
    fn default() -> Self {
        Self { slots: (0..PING_EVERY_S).map(|_| Mutex::default()).collect() }
    }
}

impl Wheel {
    fn slot(&self, number: u64) -> MutexGuard<'_, HashMap<u64, Arc<Reader>>> {
        let index = usize::try_from(number % PING_EVERY_S).unwrap_or(0);
        self.slots[index].lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, reader: &Arc<Reader>) {
        self.slot(reader.id).insert(reader.id, Arc::clone(reader));
    }

    pub(super) fn remove(&self, reader: &Reader) {
        self.slot(reader.id).remove(&reader.id);
    }

    /// Pings the sockets whose turn it is, and ends those of a quarter of all that have been silent for too long.
    fn turn(&self, now_s: u64) {
        for reader in self.slot(now_s).values() {
            reader.outbox.ping();
        }
        for look in 0..LOOKS {
            for reader in self.slot(now_s + look * (PING_EVERY_S / LOOKS)).values() {
                if reader.silent_s(now_s) > SILENCE_S {
                    reader.outbox.end(Bye::SILENT);
                }
            }
        }
    }
}

/// Turns the wheel, for ever.
pub(crate) async fn run(edge: Shared) {
    let mut ticks = interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        edge.wheel.turn(edge.now_s());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::reader::Who;
    use switchboard_domain::TokenHash;
    use switchboard_wire::Credential;

    #[test]
    fn everybody_is_pinged_every_twenty_seconds_and_the_silent_are_closed() {
        let wheel = Wheel::default();
        let by = Credential::Visitor(TokenHash::of("t"));
        let reader = Reader::new(7, Who::Visitor { id: "v".into(), name: "V".into(), by });
        wheel.add(&reader);
        reader.heard(100);
        let mut pings = 0;
        for second in 100..145 {
            wheel.turn(second);
            pings += usize::from(reader.outbox.take(true).ping);
        }
        assert_eq!(pings, 2);
        assert!(!reader.outbox.is_over());
        (145..151).for_each(|second| wheel.turn(second));
        assert_eq!(reader.outbox.take(true).bye, Some(Bye::SILENT), "within five seconds after 45");
        wheel.remove(&reader);
        assert!(wheel.slot(7).is_empty());
    }
}
