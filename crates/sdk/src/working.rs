//! More time for a turn.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use switchboard_bus::{Bus, Message, Subject};
use switchboard_domain::Millis;
use switchboard_domain::limits::TURN_EXTENDED_MS;
use switchboard_wire::turn;
use tokio::time::Instant;

/// Says that the automation is at it: the visitor sees somebody typing, and the turn gets more time.
pub struct Working {
    told: Told,
    planned: Instant,
    latest: Instant,
    until: Mutex<Instant>,
}

/// What a rehearsal has heard.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) more: Duration,
    pub(crate) text: Option<String>,
}

/// Where the frames go.
enum Told {
    Bus(Arc<dyn Bus>, Subject),
    Nobody,
    Rehearsal(Arc<Mutex<Vec<Asked>>>),
}

impl Working {
    pub(crate) fn on_bus(bus: Arc<dyn Bus>, reply: Option<Subject>, deadline: Duration) -> Self {
        Self::new(reply.map_or(Told::Nobody, |reply| Told::Bus(bus, reply)), deadline)
    }

    pub(crate) fn rehearsed(seen: Arc<Mutex<Vec<Asked>>>, deadline: Duration) -> Self {
        Self::new(Told::Rehearsal(seen), deadline)
    }

    fn new(told: Told, deadline: Duration) -> Self {
        let now = Instant::now();
        let longest = Duration::from_millis(TURN_EXTENDED_MS.unsigned_abs());
        let planned = now + deadline.min(longest);
        Self { told, planned, latest: now + longest, until: Mutex::new(planned) }
    }

    /// Asks for so many milliseconds beyond the deadline, or from now once that is over, and shows the visitor that
    /// something happens. A turn can be stretched to 60 s in all; what is asked beyond that is not given. Never
    /// shortens the time.
    pub async fn extend(&self, extend_ms: u64) {
        self.tell(extend_ms, None).await;
    }

    /// The same, and shows what it is going to say, as far as it has got: all of it each time, a few times a second at
    /// most. The reply says it once more, whole.
    pub async fn show(&self, extend_ms: u64, text: &str) {
        self.tell(extend_ms, Some(text)).await;
    }

    async fn tell(&self, extend_ms: u64, text: Option<&str>) {
        let more = Duration::from_millis(extend_ms);
        {
            let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
            // What cannot be added up is certainly beyond the latest.
            let wanted = self.planned.max(Instant::now()).checked_add(more).unwrap_or(self.latest);
            *until = wanted.min(self.latest).max(*until);
        }
        match &self.told {
            Told::Bus(bus, reply) => {
                let extend_ms = Millis::try_from(extend_ms).unwrap_or(Millis::MAX);
                let frame = turn::Working { working: true, extend_ms, text: text.map(ToOwned::to_owned) };
                let Ok(payload) = serde_json::to_vec(&frame) else { return };
                // If it does not get through, the platform tries the turn again: nothing better to do here.
                if let Err(problem) = bus.publish(Message::new(Arc::clone(reply), payload)).await {
                    tracing::debug!(%problem, "a working frame was not sent");
                }
            }
            Told::Nobody => {}
            Told::Rehearsal(seen) => {
                let asked = Asked { more, text: text.map(ToOwned::to_owned) };
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
            }
        }
    }

    /// When the time is up.
    #[must_use]
    pub fn until(&self) -> Instant {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Working {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Working").field("until", &self.until()).finish_non_exhaustive()
    }
}
