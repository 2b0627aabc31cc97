//! Hands out turns: one of a conversation at a time, as many at an automation as it has slots.

mod attend;
pub(crate) mod course;
pub(crate) mod frame;
mod line;
mod settle;
mod slots;

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use switchboard_bus::Caller;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use crate::calls::Calls;
use crate::limits::{CALL_AGAIN, LINE_LOOK, TURN_HINTS, TURNS_KNOWN};
use crate::room::Room;
use attend::{Desk, Outcome, Ticket};
use line::{InLine, Lines};
use slots::Slot;

/// What may matter to turns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hint {
    /// A conversation may have a turn that is due. With the fence when a notice said so; what the database
    /// lists as due without one is no news about a conversation that is attended to already.
    Due { conversation: String, fence: Option<i64> },
    /// A conversation has changed hands.
    Moved { conversation: String, fence: i64 },
}

/// Where hints are given. What does not fit is found again when the database is asked for what is due.
#[derive(Debug, Clone)]
pub(crate) struct Hints(mpsc::Sender<Hint>);

/// The two ends of the hints.
pub(crate) fn hints() -> (Hints, mpsc::Receiver<Hint>) {
    let (sender, receiver) = mpsc::channel(TURN_HINTS);
    (Hints(sender), receiver)
}

impl Hints {
    /// Gives a hint.
    pub(crate) fn give(&self, hint: Hint) {
        if self.0.try_send(hint).is_err() {
            metrics::counter!("switchboard_turn_hints_dropped_total").increment(1);
        }
    }
}

/// Hands out turns for ever.
pub(crate) async fn run<C: Calls>(room: Arc<Room<C>>, mut hints: mpsc::Receiver<Hint>) {
    let caller = loop {
        match Caller::new(Arc::clone(&room.automations)).await {
            Ok(caller) => break caller,
            Err(problem) => tracing::warn!(%problem, "replies of automations cannot be heard"),
        }
        sleep(CALL_AGAIN).await;
    };
    let mut office = Office {
        desk: Arc::new(Desk::new(room, caller)),
        known: HashMap::new(),
        lines: Lines::default(),
        tasks: JoinSet::new(),
    };
    let mut look = interval(LINE_LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            hint = hints.recv() => match hint {
                Some(hint) => office.hear(hint),
                None => break,
            },
            Some(ended) = office.tasks.join_next() => match ended {
                Ok((conversation, outcome)) => office.ended(conversation, outcome),
                Err(problem) => tracing::error!(%problem, "a turn was cut off"),
            },
            _ = look.tick(), if !office.lines.is_empty() => office.expire(),
        }
        #[expect(clippy::cast_precision_loss, reason = "a gauge")]
        metrics::gauge!("switchboard_turns_out").set(office.desk.slots.taken() as f64);
    }
}

/// Which conversations are attended to.
struct Office<C> {
    desk: Arc<Desk<C>>,
    known: HashMap<String, Known>,
    lines: Lines,
    tasks: JoinSet<(String, Outcome)>,
}

struct Known {
    since: Instant,
    fence: watch::Sender<i64>,
    /// Something came meanwhile; look again at the end.
    again: bool,
}

impl<C: Calls> Office<C> {
    fn hear(&mut self, hint: Hint) {
        match hint {
            Hint::Moved { conversation, fence } => {
                if let Some(known) = self.known.get(&conversation) {
                    raise(&known.fence, fence);
                }
            }
            Hint::Due { conversation, fence } => {
                let room_left = self.known.len() < TURNS_KNOWN;
                match (self.known.get_mut(&conversation), fence) {
                    (Some(known), Some(fence)) => {
                        known.again = true;
                        raise(&known.fence, fence);
                    }
                    (Some(_), None) => {}
                    (None, _) if room_left => self.begin(conversation),
                    (None, _) => {}
                }
            }
        }
    }

    fn begin(&mut self, conversation: String) {
        let known = Known { since: Instant::now(), fence: watch::Sender::new(0), again: false };
        self.known.insert(conversation.clone(), known);
        self.attend(conversation, None);
    }

    fn attend(&mut self, conversation: String, slot: Option<Slot>) {
        let Some(known) = self.known.get(&conversation) else { return };
        let ticket =
            Ticket { conversation: conversation.clone(), since: known.since, fence: known.fence.subscribe() };
        let desk = Arc::clone(&self.desk);
        self.tasks.spawn(async move {
            let attending = AssertUnwindSafe(desk.attend(ticket, slot)).catch_unwind();
            // The conversation must not stay known for ever, whatever happened.
            let outcome = attending.await.unwrap_or_else(|_| {
                tracing::error!(conversation, "attending to a turn panicked");
                Outcome::Done
            });
            (conversation, outcome)
        });
    }

    fn ended(&mut self, conversation: String, outcome: Outcome) {
        match outcome {
            Outcome::Done => {
                let again = self.known.remove(&conversation).is_some_and(|known| known.again);
                if again {
                    self.begin(conversation);
                }
            }
            Outcome::Busy { automation, most, until } => {
                self.lines.join(automation, InLine { conversation, most, until });
            }
        }
        let slots = &self.desk.slots;
        for (one, slot) in self.lines.admit(|automation, most| slots.take(automation, most)) {
            self.attend(one.conversation, Some(slot));
        }
    }

    fn expire(&mut self) {
        for one in self.lines.expire(Instant::now()) {
            self.attend(one.conversation, None);
        }
    }
}

fn raise(fence: &watch::Sender<i64>, to: i64) {
    fence.send_if_modified(|have| {
        let newer = to > *have;
        *have = (*have).max(to);
        newer
    });
}
