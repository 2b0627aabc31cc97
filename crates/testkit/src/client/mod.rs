//! A client as the contract wants clients to be: it retries with the same id, resumes where it was, and so survives
//! whatever is killed. What it did and saw is kept for the checks of a test, and written into a [`Recorder`].

mod seen;
mod setup;
mod talk;
mod wire;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::http::Http;
use crate::id::unique;
use crate::staff::Staff;
use crate::visitor::Visitor;
use seen::{Seen, Waiting};
pub use setup::Setup;
use talk::Shared;

/// A visitor or an agent with some conversations, connected as long as there is something to connect to.
#[derive(Debug)]
pub struct Client {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Client {
    /// A visitor's client, which connects to the given nodes in turn.
    #[must_use]
    pub fn visitor(visitor: &Visitor, nodes: &[Http]) -> Self {
        Setup::visitor(visitor, nodes).start()
    }

    /// An agent's client, which connects to the given nodes in turn.
    #[must_use]
    pub fn agent(staff: &Staff, nodes: &[Http]) -> Self {
        Setup::agent(staff, nodes).start()
    }

    /// Follows a conversation from its first entry.
    pub fn follow(&self, conversation: &str) {
        self.shared.follow(conversation);
        self.shared.wake.notify_one();
    }

    /// Puts a message into the outbox; answers its `client_msg_id`. It is retried until the server answers.
    #[must_use]
    pub fn send(&self, conversation: &str, message: &str) -> String {
        self.put("send", conversation, message)
    }

    /// Puts a note into the outbox; answers its `client_msg_id`.
    #[must_use]
    pub fn note(&self, conversation: &str, text: &str) -> String {
        self.put("note", conversation, text)
    }

    fn put(&self, frame: &'static str, conversation: &str, text: &str) -> String {
        let id = unique("client");
        self.shared.seen().outbox.push_back(Waiting {
            frame,
            conversation: conversation.to_owned(),
            id: id.clone(),
            text: text.to_owned(),
            due: None,
            tried: false,
        });
        self.shared.wake.notify_one();
        id
    }

    /// Breaks the connection, as a phone in a tunnel does; it comes back by itself.
    pub fn hang_up(&self) {
        self.shared.hang_up.notify_one();
    }

    /// Waits until the outbox is empty.
    ///
    /// # Errors
    /// When it is not within `deadline`.
    pub async fn drained(&self, deadline: Duration) -> anyhow::Result<()> {
        self.until("an empty outbox", deadline, |seen| seen.outbox.is_empty().then_some(())).await
    }

    /// Waits until so many entries of a conversation have been shown.
    ///
    /// # Errors
    /// When they do not come within `deadline`.
    pub async fn shown(
        &self,
        conversation: &str,
        count: usize,
        deadline: Duration,
    ) -> anyhow::Result<Vec<Value>> {
        let enough = |seen: &Seen| {
            let entries = seen.entries(conversation);
            (entries.len() >= count).then_some(entries)
        };
        self.until(&format!("{count} entries"), deadline, enough).await
    }

    /// Waits until a message has been acknowledged; answers when that was read from the wire.
    ///
    /// # Errors
    /// When it is not within `deadline`, or refused for good.
    pub async fn acked(&self, id: &str, deadline: Duration) -> anyhow::Result<Instant> {
        let answer = |seen: &Seen| {
            let refused = || seen.refused.iter().find(|nack| nack["client_msg_id"] == id).cloned();
            seen.acks.get(id).map(|ack| Ok(ack.1)).or_else(|| refused().map(Err))
        };
        match self.until(&format!("the ack of {id}"), deadline, answer).await? {
            Ok(at) => Ok(at),
            Err(nack) => bail!("{id} was refused: {nack}"),
        }
    }

    /// Waits until an entry that fits is shown; answers it.
    ///
    /// # Errors
    /// When none is within `deadline`.
    pub async fn shown_where(
        &self,
        conversation: &str,
        deadline: Duration,
        fits: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let find = |seen: &Seen| {
            let entries = &seen.followed.get(conversation)?.entries;
            entries.values().rev().find(|entry| fits(entry)).cloned()
        };
        self.until("an entry that fits", deadline, find).await
    }

    async fn until<T>(
        &self,
        what: &str,
        deadline: Duration,
        look: impl Fn(&Seen) -> Option<T>,
    ) -> anyhow::Result<T> {
        let mut changed = self.shared.changed.subscribe();
        let until = tokio::time::Instant::now() + deadline;
        loop {
            changed.mark_unchanged();
            if let Some(found) = look(&self.shared.seen()) {
                return Ok(found);
            }
            if !matches!(tokio::time::timeout_at(until, changed.changed()).await, Ok(Ok(()))) {
                bail!("{what}: not within {deadline:?}; {}", self.story());
            }
        }
    }

    /// What it shows of a conversation now, in `seq` order.
    #[must_use]
    pub fn entries(&self, conversation: &str) -> Vec<Value> {
        self.shared.seen().entries(conversation)
    }

    /// How many entries it shows of a conversation now.
    #[must_use]
    pub fn count(&self, conversation: &str) -> usize {
        self.shared.seen().followed.get(conversation).map_or(0, |followed| followed.entries.len())
    }

    /// How many messages of authors of this kind it shows of a conversation now.
    #[must_use]
    pub fn count_of(&self, conversation: &str, author: &str) -> usize {
        let seen = self.shared.seen();
        let Some(followed) = seen.followed.get(conversation) else { return 0 };
        let fits = |entry: &&Value| entry["kind"] == "message" && entry["author"]["kind"] == author;
        followed.entries.values().filter(fits).count()
    }

    /// The newest message (not note or event) that it shows of a conversation.
    #[must_use]
    pub fn newest_message(&self, conversation: &str) -> Option<Value> {
        let seen = self.shared.seen();
        let entries = &seen.followed.get(conversation)?.entries;
        entries.values().rev().find(|entry| entry["kind"] == "message").cloned()
    }

    /// The last state that it was told of a conversation.
    #[must_use]
    pub fn state(&self, conversation: &str) -> Option<Value> {
        self.shared.seen().states.get(conversation).cloned()
    }

    /// The conversations that it believes to own, if it is an agent's.
    #[must_use]
    pub fn owned(&self) -> Vec<String> {
        let seen = self.shared.seen();
        seen.states.iter().filter(|(_, state)| seen.owns(state)).map(|(id, _)| id.clone()).collect()
    }

    /// The acknowledged messages: `client_msg_id` → `seq`.
    #[must_use]
    pub fn acks(&self) -> HashMap<String, u64> {
        self.shared.seen().acks.iter().map(|(id, (seq, _))| (id.clone(), *seq)).collect()
    }

    /// How many messages wait for their answer.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.shared.seen().outbox.len()
    }

    /// The final refusals (`nack` other than `retry` and `rate_limited`).
    #[must_use]
    pub fn refused(&self) -> Vec<Value> {
        self.shared.seen().refused.clone()
    }

    /// The close codes of its connections so far.
    #[must_use]
    pub fn closes(&self) -> Vec<u16> {
        self.shared.seen().closes.clone()
    }

    /// How often it has been welcomed.
    #[must_use]
    pub fn connections(&self) -> u32 {
        self.shared.seen().connections
    }

    /// Whether it is connected and welcomed now.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.shared.seen().connected
    }

    /// What was wrong with what it was told, in itself.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        self.shared.seen().complaints.clone()
    }

    /// Checks what it saw of a conversation against the stored history (as this reader may see it): every
    /// acknowledged message is there once under its `seq`, and it shows exactly the history.
    ///
    /// # Errors
    /// When anything is lost, doubled, changed or out of order.
    pub fn check(&self, conversation: &str, history: &[Value]) -> anyhow::Result<()> {
        let shown = self.entries(conversation);
        let seqs =
            |entries: &[Value]| entries.iter().map(|e| e["seq"].as_u64().unwrap_or(0)).collect::<Vec<_>>();
        ensure!(seqs(&shown) == seqs(history), "shown {:?}, stored {:?}", seqs(&shown), seqs(history));
        ensure!(shown == history, "shown and stored entries differ:\n{shown:?}\n{history:?}");
        ensure!(seqs(history).is_sorted_by(|a, b| a < b), "history out of order: {:?}", seqs(history));
        let seen = self.shared.seen();
        ensure!(seen.complaints.is_empty(), "{:?}", seen.complaints);
        let mut ids: Vec<&str> = history.iter().filter_map(|entry| entry["client_msg_id"].as_str()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        ensure!(ids.len() == all, "{} of {all} messages are stored twice", all - ids.len());
        for (id, (seq, _)) in &seen.acks {
            let stored = history.iter().find(|entry| entry["client_msg_id"] == id.as_str());
            let other = seen.followed.iter().any(|(name, followed)| {
                name != conversation
                    && followed.entries.values().any(|entry| entry["client_msg_id"] == id.as_str())
            });
            ensure!(
                other || stored.is_some_and(|e| e["seq"] == *seq),
                "acked as {seq}, stored as {stored:?}: {id}"
            );
        }
        Ok(())
    }

    /// What it has gone through, in a line, for messages of failed tests.
    #[must_use]
    pub fn story(&self) -> String {
        let seen = self.shared.seen();
        let waiting: Vec<&str> = seen.outbox.iter().map(|waiting| waiting.id.as_str()).collect();
        format!(
            "waiting {waiting:?}, {} acks, closes {:?}, refused {:?}, resets {:?}, complaints {:?}, {} connections",
            seen.acks.len(),
            seen.closes,
            seen.refused,
            seen.resets,
            seen.complaints,
            seen.connections
        )
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.task.abort();
        self.shared.recorder.left(&self.shared.name);
    }
}
