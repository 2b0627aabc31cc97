//! Writing a record while it happens.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::record::{Ack, Attempt, Micros, Observation, Observer, Record, Refusal, Role, Seen};

/// The one place into which all clients of a run write. Clones write into the same record.
#[derive(Debug, Clone)]
pub struct Recorder {
    began: Instant,
    record: Arc<Mutex<Record>>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self { began: Instant::now(), record: Arc::default() }
    }
}

impl Recorder {
    fn lock(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn at(&self, moment: Instant) -> Micros {
        u64::try_from(moment.saturating_duration_since(self.began).as_micros()).unwrap_or(u64::MAX)
    }

    /// This moment, as the record counts.
    #[must_use]
    pub fn now(&self) -> Micros {
        self.at(Instant::now())
    }

    /// Somebody takes part under this name, which is nobody else's.
    pub fn observer(&self, name: &str, role: Role) {
        self.lock()
            .observers
            .insert(name.to_owned(), Observer { role, follows: BTreeSet::new(), left: false });
    }

    /// An observer goes, and need not be shown everything.
    pub fn left(&self, observer: &str) {
        if let Some(observer) = self.lock().observers.get_mut(observer) {
            observer.left = true;
        }
    }

    /// An observer follows a conversation from its first entry, to the end.
    pub fn follows(&self, observer: &str, conversation: &str) {
        if let Some(observer) = self.lock().observers.get_mut(observer) {
            observer.follows.insert(conversation.to_owned());
        }
    }

    /// Something is about to be sent. Retries are not told again.
    pub fn attempt(&self, sender: &str, conversation: &str, id: &str, kind: &str, text: &str) {
        let sent = self.at(Instant::now());
        self.lock().attempts.push(Attempt {
            id: id.to_owned(),
            conversation: conversation.to_owned(),
            sender: sender.to_owned(),
            kind: kind.to_owned(),
            text: text.to_owned(),
            sent,
        });
    }

    /// Something was refused for the moment and will be sent again.
    pub fn retried(&self, id: &str) {
        self.lock().retried.insert(id.to_owned());
    }

    /// Something was acknowledged; `received` is when that was read from the wire. An acknowledgement without a
    /// number or an id is kept as such, and fits nothing.
    pub fn ack(&self, frame: &serde_json::Value, received: Instant) {
        let text = |name: &str| frame[name].as_str().unwrap_or_default().to_owned();
        let received = self.at(received);
        self.lock().acks.push(Ack {
            id: text("client_msg_id"),
            conversation: text("conversation"),
            seq: frame["seq"].as_u64().unwrap_or_default(),
            entry: text("id"),
            at: text("at"),
            received,
        });
    }

    /// Something was refused for good.
    pub fn refused(&self, id: &str, code: &str) {
        self.lock().refusals.push(Refusal { id: id.to_owned(), code: code.to_owned() });
    }

    /// An observer was shown something.
    pub fn seen(&self, observer: &str, connection: u32, seen: Seen) {
        self.lock().observations.push(Observation { observer: observer.to_owned(), connection, seen });
    }

    /// How many different messages and notes have been refused for the moment so far.
    #[must_use]
    pub fn put_off(&self) -> usize {
        self.lock().retried.len()
    }

    /// How many different messages and notes have been acknowledged so far.
    #[must_use]
    pub fn acknowledged(&self) -> usize {
        self.lock().acks.iter().map(|ack| ack.id.as_str()).collect::<BTreeSet<_>>().len()
    }

    /// The record as it is now.
    #[must_use]
    pub fn so_far(&self) -> Record {
        self.lock().clone()
    }
}
