//! The life of a client: connection after connection.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::seen::{Seen, Waiting};
use crate::history::{Recorder, Role};
use crate::http::Http;
use crate::id::random_below;
use crate::socket::Socket;

/// The pause after the first connection that failed, in milliseconds; doubled each time.
const FIRST_PAUSE_MS: u64 = 50;
/// A message without an answer for so long is sent again on the same connection.
const RESEND: Duration = Duration::from_secs(30);
/// How long the answer to `hello` may take.
const WELCOME: Duration = Duration::from_secs(15);
/// After so long without a sign of life the connection is given up, as the other end does.
const SILENCE: Duration = Duration::from_secs(45);
/// How long one frame may take to be written.
const WRITE: Duration = Duration::from_secs(10);

/// What the task that talks and the handle share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) role: Role,
    pub(super) token: Option<String>,
    pub(super) https: Vec<Http>,
    pub(super) recorder: Recorder,
    pub(super) name: String,
    pub(super) patience: Duration,
    pub(super) seen: Mutex<Seen>,
    /// Told whenever `seen` has changed.
    pub(super) changed: watch::Sender<()>,
    /// There is something to send or to follow.
    pub(super) wake: Notify,
    pub(super) hang_up: Notify,
}

impl Shared {
    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Follows a conversation, and says so in the record.
    pub(super) fn follow(&self, conversation: &str) {
        self.seen().followed.entry(conversation.to_owned()).or_default();
        self.recorder.follows(&self.name, conversation);
    }

    fn path(&self) -> &'static str {
        match self.role {
            Role::Visitor => "/visitor/socket",
            Role::Agent => "/agent/socket",
        }
    }

    pub(super) async fn live(self: Arc<Self>) {
        let mut failures: u32 = 0;
        let longest = u64::try_from(self.patience.as_millis()).unwrap_or(u64::MAX);
        for http in self.https.iter().cycle() {
            if let Ok(mut socket) = Box::pin(Socket::open(http, self.path())).await {
                // An error here means that the connection broke; the next one resumes.
                let welcomed = self.seen().connections;
                let _ = Box::pin(self.talk(&mut socket)).await;
                if self.seen().connections > welcomed {
                    failures = 0;
                }
                let code = socket.ended().map_or(1006, |(code, _)| code);
                let mut seen = self.seen();
                seen.closes.push(code);
                seen.connected = false;
            }
            self.changed.send_replace(());
            let most = longest.min(FIRST_PAUSE_MS << failures.min(10));
            failures += 1;
            tokio::time::sleep(Duration::from_millis(random_below(most.max(1)))).await;
        }
    }

    async fn talk(&self, socket: &mut Socket) -> anyhow::Result<()> {
        let resumed = self.seen().resumable();
        write(socket, &self.hello(&resumed)).await?;
        let welcome = socket.expect("welcome", WELCOME).await?;
        let same = self.seen().epoch.as_ref() == Some(&welcome["epoch"]);
        self.welcomed(&welcome);
        // Those of another epoch are reset by the server, and then begun again.
        let mut following: Vec<String> = if same {
            resumed.iter().filter_map(|r| r["conversation"].as_str().map(str::to_owned)).collect()
        } else {
            Vec::new()
        };
        loop {
            self.follow_new(socket, &mut following).await?;
            let due = self.send_waiting(socket).await?;
            let silent = socket.heard().map_or_else(Instant::now, Instant::from_std) + SILENCE;
            if silent <= Instant::now() {
                return Ok(());
            }
            tokio::select! {
                () = socket.arrival() => {}
                () = self.wake.notified() => {}
                () = tokio::time::sleep_until(due.min(silent)) => {}
                () = self.hang_up.notified() => return Ok(()),
            }
            for (at, frame) in socket.take() {
                if let Some(conversation) = self.take(&frame, at) {
                    following.retain(|name| *name != conversation);
                }
            }
            self.changed.send_replace(());
            if socket.ended().is_some() {
                return Ok(());
            }
        }
    }

    fn hello(&self, resumed: &[Value]) -> Value {
        let mut hello = json!({ "type": "hello" });
        if let Some(token) = &self.token {
            hello["token"] = json!(token);
        }
        if !resumed.is_empty() {
            hello["resume"] = json!(resumed);
        }
        hello
    }

    fn welcomed(&self, welcome: &Value) {
        let mut seen = self.seen();
        seen.connections += 1;
        seen.connected = true;
        seen.epoch = Some(welcome["epoch"].clone());
        seen.me = Some(welcome["me"].clone());
        // What was on the wire of the last connection may or may not have arrived: everything again, in order.
        seen.outbox.iter_mut().for_each(|waiting| waiting.due = None);
        if self.role == Role::Agent {
            // What is still its own is in the welcome.
            let lost: Vec<String> =
                seen.states.iter().filter(|(_, state)| seen.owns(state)).map(|(id, _)| id.clone()).collect();
            lost.iter().for_each(|id| drop(seen.states.remove(id)));
        }
        drop(seen);
        welcome["conversations"].as_array().into_iter().flatten().for_each(|state| self.state(state));
        self.changed.send_replace(());
    }

    /// Asks for each followed conversation that this connection does not give yet.
    async fn follow_new(&self, socket: &mut Socket, following: &mut Vec<String>) -> anyhow::Result<()> {
        let new: Vec<String> = {
            let mut seen = self.seen();
            let new = seen.followed.iter_mut().filter(|(name, f)| !f.gone && !following.contains(name));
            new.map(|(name, followed)| {
                followed.last = None;
                name.clone()
            })
            .collect()
        };
        for name in new {
            write(socket, &json!({ "type": "resume", "conversation": name, "last_seq": 0 })).await?;
            following.push(name);
        }
        Ok(())
    }

    /// Sends what is due; answers when the next is.
    async fn send_waiting(&self, socket: &mut Socket) -> anyhow::Result<Instant> {
        let again = Instant::now() + RESEND;
        loop {
            let next = {
                let now = Instant::now();
                let mut seen = self.seen();
                let due = seen.outbox.iter_mut().find(|w| w.due.is_none_or(|due| due <= now));
                due.map(|waiting| {
                    waiting.due = Some(again);
                    if !std::mem::replace(&mut waiting.tried, true) {
                        let kind = if waiting.frame == "note" { "note" } else { "message" };
                        let Waiting { conversation, id, text, .. } = waiting;
                        self.recorder.attempt(&self.name, conversation, id, kind, text);
                    }
                    waiting.frame()
                })
            };
            match next {
                Some(frame) => write(socket, &frame).await?,
                None => return Ok(self.seen().outbox.iter().filter_map(|w| w.due).min().unwrap_or(again)),
            }
        }
    }
}

/// Writes a frame; a server that has stopped reading is given up.
async fn write(socket: &mut Socket, frame: &Value) -> anyhow::Result<()> {
    tokio::time::timeout(WRITE, socket.send(frame)).await?
}
