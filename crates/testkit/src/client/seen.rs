//! What a client holds: its outbox, and what it was shown.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Instant;

use serde_json::{Value, json};

/// The state of a client, over all its connections.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) epoch: Option<Value>,
    pub(super) me: Option<Value>,
    pub(super) connected: bool,
    pub(super) followed: BTreeMap<String, Followed>,
    pub(super) states: BTreeMap<String, Value>,
    pub(super) outbox: VecDeque<Waiting>,
    /// The number, and when it was read from the wire.
    pub(super) acks: HashMap<String, (u64, Instant)>,
    pub(super) refused: Vec<Value>,
    pub(super) resets: Vec<Value>,
    pub(super) closes: Vec<u16>,
    pub(super) connections: u32,
    pub(super) complaints: Vec<String>,
}

/// A conversation that is followed.
#[derive(Debug, Default)]
pub(super) struct Followed {
    pub(super) entries: BTreeMap<u64, Value>,
    /// The last entry in order, once the first has been shown. What comes before that is a preview, after which
    /// nothing can be resumed.
    pub(super) last: Option<(u64, Value)>,
    /// It is not to be seen any more.
    pub(super) gone: bool,
}

/// Something in the outbox.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    /// The frame's type: `send` or `note`.
    pub(super) frame: &'static str,
    pub(super) conversation: String,
    pub(super) id: String,
    pub(super) text: String,
    /// When it is sent again; none: at once.
    pub(super) due: Option<tokio::time::Instant>,
    /// It has been on the wire before.
    pub(super) tried: bool,
}

impl Waiting {
    pub(super) fn frame(&self) -> Value {
        json!({
            "type": self.frame,
            "conversation": self.conversation,
            "client_msg_id": self.id,
            "body": { "text": self.text },
        })
    }
}

impl Seen {
    pub(super) fn entries(&self, conversation: &str) -> Vec<Value> {
        let followed = self.followed.get(conversation);
        followed.map(|followed| followed.entries.values().cloned().collect()).unwrap_or_default()
    }

    /// Whether the conversation in this state belongs to the agent whose client this is.
    pub(super) fn owns(&self, state: &Value) -> bool {
        state["owner"]["kind"] == "agent"
            && self.me.as_ref().is_some_and(|me| !me["id"].is_null() && me["id"] == state["owner"]["id"])
    }

    /// Where it stands in each conversation of which it has the beginning.
    pub(super) fn resumable(&self) -> Vec<Value> {
        let Some(epoch) = &self.epoch else { return Vec::new() };
        self.followed
            .iter()
            .filter(|(_, followed)| !followed.gone)
            .filter_map(|(name, followed)| {
                let (seq, id) = followed.last.as_ref()?;
                Some(json!({ "conversation": name, "epoch": epoch, "last_seq": seq, "last_id": id }))
            })
            .collect()
    }

    /// Keeps an entry; says so when two differ under one number.
    pub(super) fn entry(&mut self, entry: &Value) {
        let (Some(name), Some(seq)) = (entry["conversation"].as_str(), entry["seq"].as_u64()) else {
            self.complaints.push(format!("an entry without conversation or seq: {entry}"));
            return;
        };
        let followed = self.followed.entry(name.to_owned()).or_default();
        match followed.entries.get(&seq) {
            // At least once is what is promised; the number tells a repeat, and a repeat is the same.
            Some(before) if before == entry => {}
            Some(before) => self.complaints.push(format!("two entries numbered {seq}: {before} and {entry}")),
            None => {
                followed.entries.insert(seq, entry.clone());
            }
        }
        let next = match &followed.last {
            None => seq == 1,
            Some((last, _)) => seq > *last,
        };
        if next {
            followed.last = Some((seq, entry["id"].clone()));
        }
    }
}
