//! What clients know.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::entry::Entry;

/// Microseconds since the record began, on the clients' monotonic clock.
pub type Micros = u64;

/// What somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Sees own conversations, without notes.
    Visitor,
    /// Sees all of what it follows.
    Agent,
}

/// Everything that the clients of one run did and saw.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Record {
    /// Who took part, by name.
    pub observers: BTreeMap<String, Observer>,
    /// Every message and note that was put on the wire, in the order of each sender.
    pub attempts: Vec<Attempt>,
    /// Every acknowledgement, repeats included.
    pub acks: Vec<Ack>,
    /// Every final refusal.
    pub refusals: Vec<Refusal>,
    /// What was refused for the moment and sent again: its place among its sender's others is open.
    pub retried: BTreeSet<String>,
    /// What was shown, in the order in which each observer was shown it.
    pub observations: Vec<Observation>,
}

impl Record {
    /// How long each message and note took from when it was first sent until it was first acknowledged, retries and
    /// reconnects included; in no order.
    #[must_use]
    pub fn waits(&self) -> Vec<Duration> {
        let mut acks: BTreeMap<&str, Micros> = BTreeMap::new();
        for ack in &self.acks {
            let first = acks.entry(&ack.id).or_insert(ack.received);
            *first = ack.received.min(*first);
        }
        let wait = |attempt: &Attempt| Some(acks.get(attempt.id.as_str())?.saturating_sub(attempt.sent));
        self.attempts.iter().filter_map(wait).map(Duration::from_micros).collect()
    }
}

/// Somebody who sends and is shown things: one client, over all its connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observer {
    /// What it is.
    pub role: Role,
    /// The conversations that it follows from the first entry to the end; a visitor's are its own, and it must see
    /// nothing else.
    pub follows: BTreeSet<String>,
    /// It went before the end.
    pub left: bool,
}

/// A message or note on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its `client_msg_id`, the same in every retry.
    pub id: String,
    /// Where to.
    pub conversation: String,
    /// The observer that sent it.
    pub sender: String,
    /// `message` or `note`.
    pub kind: String,
    /// The text.
    pub text: String,
    /// Just before it was put on the wire for the first time.
    pub sent: Micros,
}

/// An acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// What it acknowledges.
    pub id: String,
    /// Where that is.
    pub conversation: String,
    /// The number given.
    pub seq: u64,
    /// The entry's id.
    pub entry: String,
    /// The entry's time.
    pub at: String,
    /// When it had been read from the wire.
    pub received: Micros,
}

/// A final refusal: any `nack` but those that ask for a retry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What was refused.
    pub id: String,
    /// Why.
    pub code: String,
}

/// Something that an observer was shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// By whom.
    pub observer: String,
    /// On which of its connections, counted from 1.
    pub connection: u32,
    /// What.
    pub seen: Seen,
}

/// What can be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Seen {
    /// An entry.
    Entry(Entry),
    /// `reset`: what was shown of this conversation counts no more.
    Reset(String),
}

/// What is stored of a conversation, as the program tells it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// All of it, as staff read it.
    pub staff: Vec<Entry>,
    /// What its visitor reads.
    pub visitor: Vec<Entry>,
}

/// The histories, by conversation.
pub type Histories = BTreeMap<String, History>;
