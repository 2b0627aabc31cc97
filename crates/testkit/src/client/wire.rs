//! What a client makes of the frames it is sent.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::seen::Followed;
use super::talk::Shared;
use crate::history::{Entry, Role, Seen as Shown};

/// What was refused for the moment is sent again after this.
const RETRY: Duration = Duration::from_millis(300);

impl Shared {
    /// Takes one frame; answers the conversation that has to be loaded again, if one has.
    pub(super) fn take(&self, frame: &Value, at: Instant) -> Option<String> {
        match frame["type"].as_str()? {
            "entry" => {
                let mut seen = self.seen();
                seen.entry(&frame["entry"]);
                let entry = Entry(frame["entry"].clone());
                self.recorder.seen(&self.name, seen.connections, Shown::Entry(entry));
            }
            "ack" => self.acked(frame, at),
            "nack" => self.refused(frame),
            "conversation" => self.state(&frame["conversation"]),
            "reset" => return self.reset(frame),
            _ => {}
        }
        None
    }

    fn acked(&self, frame: &Value, at: Instant) {
        let mut seen = self.seen();
        let (Some(id), Some(seq)) = (frame["client_msg_id"].as_str(), frame["seq"].as_u64()) else {
            return seen.complaints.push(format!("an ack without id or seq: {frame}"));
        };
        self.recorder.ack(frame, at);
        seen.outbox.retain(|waiting| waiting.id != id);
        let before = *seen.acks.entry(id.to_owned()).or_insert((seq, at));
        if before.0 != seq {
            seen.complaints.push(format!("{id} acknowledged as {} and {seq}", before.0));
        }
    }

    fn refused(&self, frame: &Value) {
        let mut seen = self.seen();
        let Some(id) = frame["client_msg_id"].as_str() else {
            return seen.complaints.push(format!("refused: {frame}"));
        };
        let code = frame["code"].as_str().unwrap_or_default();
        if matches!(code, "retry" | "rate_limited") {
            self.recorder.retried(id);
            if let Some(waiting) = seen.outbox.iter_mut().find(|waiting| waiting.id == id) {
                waiting.due = Some(tokio::time::Instant::now() + RETRY);
            }
        } else {
            self.recorder.refused(id, code);
            seen.outbox.retain(|waiting| waiting.id != id);
            seen.refused.push(frame.clone());
        }
    }

    /// Keeps the state of a conversation, and follows what is its own.
    pub(super) fn state(&self, state: &Value) {
        let Some(id) = state["id"].as_str() else { return };
        let mut seen = self.seen();
        let own = self.role == Role::Visitor || seen.owns(state);
        seen.states.insert(id.to_owned(), state.clone());
        if own {
            seen.followed.entry(id.to_owned()).or_default().gone = false;
            drop(seen);
            if self.role == Role::Visitor {
                self.recorder.follows(&self.name, id);
            }
        }
    }

    fn reset(&self, frame: &Value) -> Option<String> {
        let name = frame["conversation"].as_str()?.to_owned();
        let mut seen = self.seen();
        seen.resets.push(frame.clone());
        self.recorder.seen(&self.name, seen.connections, Shown::Reset(name.clone()));
        let gone = frame["reason"] == "not_found";
        seen.followed.insert(name.clone(), Followed { gone, ..Followed::default() });
        Some(name)
    }
}
