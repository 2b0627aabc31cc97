//! A visitor of an automation that is well.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use switchboard_testkit::{System, Visitor};
use tokio::task::JoinHandle;

/// Between an answer and the next message.
const PACE: Duration = Duration::from_millis(250);
/// An answer that takes longer is not waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A talk that goes on until it is finished.
pub(super) struct Bystander {
    stop: Arc<AtomicBool>,
    task: JoinHandle<Vec<Duration>>,
}

impl Bystander {
    /// Begins to talk.
    pub(super) async fn start(system: &System) -> anyhow::Result<Self> {
        let visitor = Visitor::arrive(&system.http()).await?;
        let stop = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(talk(visitor, Arc::clone(&stop)));
        Ok(Self { stop, task })
    }

    /// Ends the talk; answers how long each answer took, in order of length.
    pub(super) async fn finish(self) -> Vec<Duration> {
        self.stop.store(true, Ordering::SeqCst);
        let mut took = self.task.await.unwrap_or_default();
        took.sort_unstable();
        took
    }
}

async fn talk(visitor: Visitor, stop: Arc<AtomicBool>) -> Vec<Duration> {
    let mut took = Vec::new();
    let Ok(mut socket) = visitor.socket().await else { return took };
    let Ok(id) = visitor.ask_automation("mat", "how are you?").await else { return took };
    while !stop.load(Ordering::SeqCst) {
        let begun = Instant::now();
        if visitor.say(&id, "and now?").await.is_err() {
            break;
        }
        let answered = |frame: &serde_json::Value| frame["entry"]["body"]["text"] == "mat mat?";
        let answer = socket.expect_where("Mat's answer", PATIENCE, answered).await;
        took.push(begun.elapsed());
        if answer.is_err() {
            break;
        }
        tokio::time::sleep(PACE).await;
    }
    took
}
