//! A client as the contract wants clients to be: it retries with the same id, resumes where it was, and so survives
//! whatever is killed. What it saw is kept for the checks of a test.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::http::Http;
use crate::id::{random_below, unique};
use crate::socket::Socket;
use crate::staff::Staff;
use crate::visitor::Visitor;
use crate::wait;

/// The longest pause between two tries to connect; shorter than a browser's, so that tests do not wait.
const MAX_PAUSE_MS: u64 = 1_000;
/// How often the outbox and the socket are looked at.
const TICK: Duration = Duration::from_millis(20);
/// A message without an answer for so long is sent again on the same connection.
const RESEND: Duration = Duration::from_secs(30);

/// A visitor or an agent with two or three conversations, connected as long as there is something to connect to.
#[derive(Debug)]
pub struct Client {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    path: &'static str,
    token: Option<String>,
    seen: Mutex<Seen>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct Seen {
    https: Vec<Http>,
    epoch: Option<Value>,
    followed: BTreeMap<String, Followed>,
    outbox: VecDeque<Waiting>,
    acks: HashMap<String, u64>,
    refused: Vec<Value>,
    resets: Vec<Value>,
    closes: Vec<u16>,
    connections: u32,
    complaints: Vec<String>,
}

#[derive(Debug, Default)]
struct Followed {
    entries: BTreeMap<u64, Value>,
    last: Option<(u64, Value)>,
}

#[derive(Debug, Clone)]
struct Waiting {
    conversation: String,
    id: String,
    body: Value,
    sent: Option<tokio::time::Instant>,
}

impl Client {
    /// A visitor's client, which connects to the given nodes in turn.
    #[must_use]
    pub fn visitor(visitor: &Visitor, nodes: &[Http]) -> Self {
        let https = nodes.iter().map(|node| visitor.http.clone().at(node.address())).collect();
        Self::run("/visitor/socket", Some(visitor.token.clone()), https)
    }

    /// An agent's client, which connects to the given nodes in turn.
    #[must_use]
    pub fn agent(staff: &Staff, nodes: &[Http]) -> Self {
        let https = nodes.iter().map(|node| staff.http.clone().at(node.address())).collect();
        Self::run("/agent/socket", None, https)
    }

    fn run(path: &'static str, token: Option<String>, https: Vec<Http>) -> Self {
        let seen = Mutex::new(Seen { https, ..Seen::default() });
        let shared = Arc::new(Shared { path, token, seen, wake: Notify::new() });
        let task = tokio::spawn(Arc::clone(&shared).live());
        Self { shared, task }
    }

    /// Follows a conversation from its first entry.
    pub fn follow(&self, conversation: &str) {
        self.shared.seen().followed.entry(conversation.to_owned()).or_default();
        self.shared.wake.notify_waiters();
    }

    /// Puts a message into the outbox; answers its `client_msg_id`. It is retried until the server answers.
    #[must_use]
    pub fn send(&self, conversation: &str, message: &str) -> String {
        let id = unique("client");
        let body = json!({ "text": message });
        let waiting = Waiting { conversation: conversation.to_owned(), id: id.clone(), body, sent: None };
        self.shared.seen().outbox.push_back(waiting);
        self.shared.wake.notify_waiters();
        id
    }

    /// Waits until the outbox is empty.
    ///
    /// # Errors
    /// When it is not within `deadline`.
    pub async fn drained(&self, deadline: Duration) -> anyhow::Result<()> {
        let done = wait::until("an empty outbox", deadline, async || {
            Ok(self.shared.seen().outbox.is_empty().then_some(()))
        });
        Box::pin(done).await.map(|_| ()).with_context(|| self.story())
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
        let what = format!("{count} entries");
        let done = wait::until(&what, deadline, async || {
            let entries = self.entries(conversation);
            Ok((entries.len() >= count).then_some(entries))
        });
        Ok(Box::pin(done).await.with_context(|| self.story())?.0)
    }

    /// What it shows of a conversation now, in `seq` order.
    #[must_use]
    pub fn entries(&self, conversation: &str) -> Vec<Value> {
        self.shared
            .seen()
            .followed
            .get(conversation)
            .map(|f| f.entries.values().cloned().collect())
            .unwrap_or_default()
    }

    /// The acknowledged messages: `client_msg_id` → `seq`.
    #[must_use]
    pub fn acks(&self) -> HashMap<String, u64> {
        self.shared.seen().acks.clone()
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
        for (id, seq) in &seen.acks {
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

    fn story(&self) -> String {
        let seen = self.shared.seen();
        let waiting: Vec<&str> = seen.outbox.iter().map(|waiting| waiting.id.as_str()).collect();
        format!(
            "waiting {waiting:?}, {} acks, closes {:?}, refused {:?}, resets {:?}, {} connections",
            seen.acks.len(),
            seen.closes,
            seen.refused,
            seen.resets,
            seen.connections
        )
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn live(self: Arc<Self>) {
        let mut failures: u32 = 0;
        for turn in 0_usize.. {
            let http = {
                let seen = self.seen();
                seen.https[turn % seen.https.len()].clone()
            };
            if let Ok(mut socket) = Socket::open(&http, self.path).await {
                failures = 0;
                // An error here means that the connection broke; the next one resumes.
                let _ = self.talk(&mut socket).await;
                let code = socket.ended().map_or(1006, |(code, _)| code);
                self.seen().closes.push(code);
            }
            let most = MAX_PAUSE_MS.min(50_u64 << failures.min(10));
            failures += 1;
            tokio::time::sleep(Duration::from_millis(random_below(most))).await;
        }
    }

    async fn talk(&self, socket: &mut Socket) -> anyhow::Result<()> {
        socket.send(&self.hello()).await?;
        let welcome = socket.expect("welcome", Duration::from_secs(15)).await?;
        self.welcomed(&welcome);
        let mut following: Vec<String> = if welcome["epoch"] == self.seen().epoch.clone().unwrap_or_default()
        {
            self.resumable().iter().filter_map(|r| r["conversation"].as_str().map(str::to_owned)).collect()
        } else {
            Vec::new()
        };
        self.seen().epoch = Some(welcome["epoch"].clone());
        let mut read = 0;
        loop {
            self.follow_new(socket, &mut following).await?;
            self.send_waiting(socket).await?;
            let woken = tokio::time::timeout(TICK, self.wake.notified());
            let _ = woken.await;
            let frames = socket.frames();
            for frame in &frames[read..] {
                if let Some(conversation) = self.take(frame) {
                    following.retain(|name| *name != conversation);
                }
            }
            read = frames.len();
            if socket.ended().is_some() {
                return Ok(());
            }
        }
    }

    fn hello(&self) -> Value {
        let mut hello = json!({ "type": "hello" });
        if let Some(token) = &self.token {
            hello["token"] = json!(token);
        }
        let resume = self.resumable();
        if !resume.is_empty() {
            hello["resume"] = json!(resume);
        }
        hello
    }

    /// Where it stands in each conversation of which it has seen something.
    fn resumable(&self) -> Vec<Value> {
        let seen = self.seen();
        let Some(epoch) = &seen.epoch else { return Vec::new() };
        seen.followed
            .iter()
            .filter_map(|(name, followed)| {
                let (seq, id) = followed.last.as_ref()?;
                Some(json!({ "conversation": name, "epoch": epoch, "last_seq": seq, "last_id": id }))
            })
            .collect()
    }

    fn welcomed(&self, welcome: &Value) {
        let mut seen = self.seen();
        seen.connections += 1;
        // What was on the wire of the last connection may or may not have arrived: everything again, in order.
        seen.outbox.iter_mut().for_each(|waiting| waiting.sent = None);
        for conversation in welcome["conversations"].as_array().into_iter().flatten() {
            if let Some(id) = conversation["id"].as_str() {
                seen.followed.entry(id.to_owned()).or_default();
            }
        }
    }

    async fn follow_new(&self, socket: &mut Socket, following: &mut Vec<String>) -> anyhow::Result<()> {
        let new: Vec<String> =
            self.seen().followed.keys().filter(|name| !following.contains(name)).cloned().collect();
        for name in new {
            socket.send(&json!({ "type": "resume", "conversation": name, "last_seq": 0 })).await?;
            following.push(name);
        }
        Ok(())
    }

    async fn send_waiting(&self, socket: &mut Socket) -> anyhow::Result<()> {
        let now = tokio::time::Instant::now();
        let due: Vec<Waiting> = {
            let mut seen = self.seen();
            let due =
                |w: &&mut Waiting| w.sent.is_none_or(|sent| now.saturating_duration_since(sent) > RESEND);
            seen.outbox
                .iter_mut()
                .filter(due)
                .map(|waiting| {
                    waiting.sent = Some(now);
                    waiting.clone()
                })
                .collect()
        };
        for waiting in due {
            socket
                .send(&json!({
                    "type": "send",
                    "conversation": waiting.conversation,
                    "client_msg_id": waiting.id,
                    "body": waiting.body,
                }))
                .await?;
        }
        Ok(())
    }

    /// Takes one frame; answers the conversation that has to be loaded again, if one has.
    fn take(&self, frame: &Value) -> Option<String> {
        let mut seen = self.seen();
        match frame["type"].as_str()? {
            "entry" => seen.entry(&frame["entry"]),
            "ack" => {
                let (id, seq) = (frame["client_msg_id"].as_str()?, frame["seq"].as_u64()?);
                seen.outbox.retain(|waiting| waiting.id != id);
                if seen.acks.insert(id.to_owned(), seq).is_some_and(|before| before != seq) {
                    seen.complaints.push(format!("{id} acknowledged under two numbers"));
                }
            }
            "nack" => {
                let id = frame["client_msg_id"].as_str()?;
                if matches!(frame["code"].as_str(), Some("retry" | "rate_limited")) {
                    // Sent again after a moment: RESEND from a time that lies that much in the past.
                    let again = tokio::time::Instant::now().checked_sub(RESEND)? + Duration::from_millis(300);
                    let waiting = seen.outbox.iter_mut().find(|waiting| waiting.id == id)?;
                    waiting.sent = Some(again);
                } else {
                    seen.outbox.retain(|waiting| waiting.id != id);
                    seen.refused.push(frame.clone());
                }
            }
            "reset" => {
                let name = frame["conversation"].as_str()?.to_owned();
                seen.resets.push(frame.clone());
                *seen.followed.entry(name.clone()).or_default() = Followed::default();
                return Some(name);
            }
            _ => {}
        }
        None
    }
}

impl Seen {
    fn entry(&mut self, entry: &Value) {
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
        if followed.last.as_ref().is_none_or(|(last, _)| seq > *last) {
            followed.last = Some((seq, entry["id"].clone()));
        }
    }
}
