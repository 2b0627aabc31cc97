//! An agent who writes as fast as it may until its socket is closed, and then tries by HTTP.

use std::time::{Duration, Instant};

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Socket, Staff, unique};

/// Between two frames: 200 a second.
const EVERY: Duration = Duration::from_millis(5);
/// How long it goes on when nobody closes its socket.
const GIVE_UP: Duration = Duration::from_secs(12);

/// Who writes, and where.
#[derive(Debug)]
pub(super) struct Racer {
    pub(super) staff: Staff,
    pub(super) socket: Socket,
    /// The conversation that it owns: messages and notes.
    pub(super) own: String,
    /// One that everybody sees and nobody owns: notes.
    pub(super) lobby: String,
}

/// What it did.
#[derive(Debug)]
pub(super) struct Raced {
    /// When each frame was sent.
    pub(super) sent: Vec<Instant>,
    /// When the socket was closed, and with which code.
    pub(super) closed: Option<(Instant, u16)>,
    /// What was answered over HTTP after that, which should be 401.
    pub(super) answers: Vec<u16>,
}

impl Racer {
    /// Writes until the end.
    pub(super) async fn run(mut self) -> anyhow::Result<Raced> {
        let began = Instant::now();
        let mut raced = Raced { sent: Vec::new(), closed: None, answers: Vec::new() };
        let mut ticks = tokio::time::interval(EVERY);
        while began.elapsed() < GIVE_UP {
            ticks.tick().await;
            if let Some((code, _)) = self.socket.ended() {
                raced.closed = Some((Instant::now(), code));
                break;
            }
            let frame = self.frame(raced.sent.len());
            raced.sent.push(Instant::now());
            // A socket that is being closed does not take any more; the loop sees that next.
            let _ = self.socket.send(&frame).await;
            // What comes is of no interest here, and would only pile up.
            self.socket.take();
        }
        let body = || json!({ "client_msg_id": unique("late"), "body": { "text": "after all" } });
        for path in
            [format!("/conversations/{}/messages", self.own), format!("/conversations/{}/notes", self.lobby)]
        {
            raced.answers.push(self.staff.http.post(&path, body()).await?.status.as_u16());
        }
        ensure!(!raced.sent.is_empty(), "nothing was sent");
        Ok(raced)
    }

    /// A message, a note, a note elsewhere, and so on.
    fn frame(&self, n: usize) -> serde_json::Value {
        let (kind, conversation) = match n % 3 {
            0 => ("send", &self.own),
            1 => ("note", &self.own),
            _ => ("note", &self.lobby),
        };
        let id = unique("race");
        let text = format!("number {n}");
        json!({ "type": kind, "conversation": conversation, "client_msg_id": id, "body": { "text": text } })
    }
}
