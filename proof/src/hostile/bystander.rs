//! Those who only want to talk meanwhile: how long it takes them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, ensure};
use serde_json::json;
use switchboard_testkit::{Client, Http, Staff, System, Visitor};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::load::{Crew, arrive};

/// Visitors, each of whom talks with an agent of its own.
const PAIRS: usize = 4;
/// From one message of a visitor to the next: fewer than it may write.
const PACE: Duration = Duration::from_millis(120);
/// From one newcomer to the next.
const NEWCOMERS: Duration = Duration::from_millis(250);
/// Nobody waits longer than this before it counts as never.
const NEVER: Duration = Duration::from_secs(30);

/// How long others had to wait.
#[derive(Debug, Default)]
pub(super) struct Waits {
    /// From sending a message until the other one sees it, sorted.
    pub(super) messages: Vec<Duration>,
    /// From connecting until the welcome, sorted.
    pub(super) newcomers: Vec<Duration>,
    /// What went wrong.
    pub(super) failures: Vec<String>,
}

#[derive(Debug, Default)]
struct Kept {
    waits: Waits,
    /// Since when each pair, and the newcomer, has been waiting.
    since: [Option<Instant>; PAIRS + 1],
}

/// Visitors and agents who talk in a thread of their own, so that they do not wait for the attackers' tasks.
#[derive(Debug)]
pub(super) struct Bystanders {
    kept: Arc<Mutex<Kept>>,
    stop: watch::Sender<bool>,
    thread: JoinHandle<anyhow::Result<()>>,
}

#[derive(Clone)]
struct Pair {
    number: usize,
    visitor: Visitor,
    agent: Staff,
    conversation: String,
    node: Http,
    kept: Arc<Mutex<Kept>>,
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Bystanders {
    /// Lets them begin.
    pub(super) async fn start(system: &System) -> anyhow::Result<Self> {
        let node = system.http();
        let crew = Crew::hire(system, PAIRS).await?;
        let kept = Arc::new(Mutex::new(Kept::default()));
        let mut pairs = Vec::new();
        for (number, agent) in crew.agents.iter().enumerate() {
            let visitor = arrive(&node).await?;
            let conversation = visitor.ask_people("hello").await?;
            agent.act(&conversation, "claim", json!({})).await?;
            let (agent, node, kept) = (agent.clone(), node.clone(), Arc::clone(&kept));
            pairs.push(Pair { number, visitor, agent, conversation, node, kept });
        }
        let newcomer = arrive(&node).await?;
        let stop = watch::Sender::new(false);
        let (stopping, seen) = (stop.subscribe(), Arc::clone(&kept));
        let thread = std::thread::Builder::new().name("bystanders".to_owned()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(live(pairs, newcomer, seen, stopping))
        })?;
        Ok(Self { kept, stop, thread })
    }

    /// How long they had to wait since this was last asked; who is waiting now counts with what it has waited so far.
    pub(super) fn take(&self) -> Waits {
        let mut kept = lock(&self.kept);
        let mut waits = std::mem::take(&mut kept.waits);
        let waiting = |since: &Option<Instant>| since.map(|since| since.elapsed());
        waits.messages.extend(kept.since[..PAIRS].iter().filter_map(waiting));
        waits.newcomers.extend(waiting(&kept.since[PAIRS]));
        drop(kept);
        waits.messages.sort_unstable();
        waits.newcomers.sort_unstable();
        waits
    }

    /// Lets them end, and looks whether each has been connected all the time and has seen all that is stored.
    pub(super) async fn finish(self) -> anyhow::Result<()> {
        self.stop.send_replace(true);
        let joined = tokio::task::spawn_blocking(|| self.thread.join()).await?;
        joined.map_err(|_| anyhow!("the bystanders' thread panicked"))?
    }
}

async fn live(
    pairs: Vec<Pair>,
    newcomer: Visitor,
    kept: Arc<Mutex<Kept>>,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let talking: Vec<_> =
        pairs.into_iter().map(|pair| tokio::spawn(Box::pin(pair.talk(stop.clone())))).collect();
    while !*stop.borrow() {
        let begun = Instant::now();
        lock(&kept).since[PAIRS] = Some(begun);
        let came = timeout(NEVER, newcomer.socket()).await;
        let took = begun.elapsed();
        let came = came.map_err(|_| anyhow!("not welcomed within {NEVER:?}")).flatten();
        arrived(&mut lock(&kept), took, came.map(drop));
        sleep(NEWCOMERS.saturating_sub(took)).await;
    }
    for pair in talking {
        pair.await??;
    }
    Ok(())
}

fn arrived(kept: &mut Kept, took: Duration, came: anyhow::Result<()>) {
    kept.since[PAIRS] = None;
    kept.waits.newcomers.push(took);
    if let Err(error) = came {
        kept.waits.failures.push(format!("a newcomer: {error:#}"));
    }
}

impl Pair {
    async fn talk(self, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
        let nodes = std::slice::from_ref(&self.node);
        let (visitor, agent) = (Client::visitor(&self.visitor, nodes), Client::agent(&self.agent, nodes));
        for client in [&visitor, &agent] {
            client.follow(&self.conversation);
            client.shown(&self.conversation, 2, NEVER).await?;
        }
        while !*stop.borrow() {
            let begun = Instant::now();
            for (from, to) in [(&visitor, &agent), (&agent, &visitor)] {
                if let Err(error) = self.message(from, to).await {
                    lock(&self.kept).waits.failures.push(format!("{error:#}"));
                }
            }
            sleep(PACE.saturating_sub(begun.elapsed())).await;
        }
        let stored = self.visitor.entries(&self.conversation).await?;
        for (who, client) in [("a visitor", &visitor), ("an agent", &agent)] {
            client.shown(&self.conversation, stored.len(), NEVER).await?;
            client.check(&self.conversation, &stored).context(who)?;
            ensure!(client.connections() == 1, "{who} was cut off: {}", client.story());
        }
        Ok(())
    }

    /// One message from one to the other.
    async fn message(&self, from: &Client, to: &Client) -> anyhow::Result<()> {
        let begun = Instant::now();
        lock(&self.kept).since[self.number] = Some(begun);
        let id = from.send(&self.conversation, "are you still there?");
        let shown =
            to.shown_where(&self.conversation, NEVER, |entry| entry["client_msg_id"] == id.as_str()).await;
        let mut kept = lock(&self.kept);
        kept.since[self.number] = None;
        kept.waits.messages.push(begun.elapsed());
        drop(kept);
        shown.map(drop)
    }
}
