//! Load: visitors who talk with people and with automations, agents who answer, some who come and go, all of it
//! recorded.

mod agent;
mod crew;
mod probe;
mod settle;
mod visitor;

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};
use switchboard_testkit::client::{Client, Setup};
use switchboard_testkit::{Http, Recorder, Staff, System, Visitor};
use tokio::sync::watch;
use tokio::task::JoinSet;

pub use crew::{Crew, arrive};
pub use probe::Probe;
pub use settle::Verdict;

/// How many of whom take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mix {
    /// Visitors who talk with people.
    pub people: usize,
    /// Visitors who talk with Mat.
    pub mat: usize,
    /// Visitors who talk with Chat.
    pub chat: usize,
}

/// What usually runs beside a fault: some forty messages a second in all.
pub const USUAL: Mix = Mix { people: 6, mat: 2, chat: 2 };

/// Messages of each in a burst.
const BURST: usize = 2;

/// One who takes part, for as long as the load runs.
#[derive(Debug)]
struct Guest {
    name: String,
    visitor: Visitor,
    /// Windows of the same visitor; the first one writes.
    windows: Vec<Client>,
    /// All conversations so far, the present one last.
    conversations: Mutex<Vec<String>>,
    /// The automation that it wants to talk with; none: people.
    automation: Option<&'static str>,
    /// How often it has said something.
    said: AtomicUsize,
}

/// An agent who takes part.
#[derive(Debug)]
struct Desk {
    staff: Staff,
    console: Client,
}

/// Load under way.
#[derive(Debug)]
pub struct Load {
    recorder: Recorder,
    nodes: Vec<Http>,
    guests: Vec<Arc<Guest>>,
    desks: Vec<Arc<Desk>>,
    actors: JoinSet<()>,
    stop: watch::Sender<bool>,
    probes: usize,
    /// Conversations of those who only probe.
    extra: Vec<(Visitor, String)>,
    general: String,
}

impl Guest {
    /// The present conversation.
    fn present(&self) -> String {
        let conversations = self.conversations.lock().unwrap_or_else(PoisonError::into_inner);
        conversations.last().cloned().unwrap_or_default()
    }

    fn all(&self) -> Vec<String> {
        self.conversations.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Starts a conversation, which becomes the present one.
    async fn begin(&self) -> anyhow::Result<String> {
        let to = match self.automation {
            Some(name) => json!({ "automation": name }),
            None => json!({ "people": true }),
        };
        let made = self.visitor.start(to, None).await?;
        let id = made["id"].as_str().context("no id")?.to_owned();
        self.conversations.lock().unwrap_or_else(PoisonError::into_inner).push(id.clone());
        self.windows.iter().for_each(|window| window.follow(&id));
        Ok(id)
    }

    fn window(&self) -> &Client {
        &self.windows[0]
    }
}

impl Load {
    /// Starts a load on a system whose parts are all well: everybody arrives, begins a conversation and then goes on
    /// at random, as `seed` says.
    ///
    /// # Errors
    /// When something is refused, which should not be.
    pub async fn start(system: &System, crew: &Crew, mix: Mix, seed: u64) -> anyhow::Result<Self> {
        let nodes = (0..system.node_count()).map(|n| Http::new(&system.address(n))).collect();
        Box::pin(Self::start_by(nodes, crew, mix, seed)).await
    }

    /// The same, by way of these nodes, which may lie behind proxies.
    ///
    /// # Errors
    /// As [`Load::start`].
    pub async fn start_by(nodes: Vec<Http>, crew: &Crew, mix: Mix, seed: u64) -> anyhow::Result<Self> {
        let mut dice = fastrand::Rng::with_seed(seed);
        let mut load = Self {
            recorder: Recorder::default(),
            nodes,
            guests: Vec::new(),
            desks: Vec::new(),
            actors: JoinSet::new(),
            stop: watch::channel(false).0,
            probes: 0,
            extra: Vec::new(),
            general: crew.general.clone(),
        };
        for (n, staff) in crew.agents.iter().enumerate() {
            let name = format!("agent-{n}");
            let console = Setup::agent(staff, &load.turned(n)).recorded(&load.recorder, &name).start();
            load.desks.push(Arc::new(Desk { staff: staff.clone(), console }));
        }
        let kinds = [(mix.people, None), (mix.mat, Some("mat")), (mix.chat, Some("chat"))];
        for (count, automation) in kinds {
            for _ in 0..count {
                load.arrive(automation).await?;
            }
        }
        load.set_going(&mut dice);
        Ok(load)
    }

    /// The nodes, beginning with the `n`th.
    fn turned(&self, n: usize) -> Vec<Http> {
        let mut nodes = self.nodes.clone();
        nodes.rotate_left(n % self.nodes.len().max(1));
        nodes
    }

    /// One more visitor, with a conversation. Every third has a second window, on another node if there is one.
    async fn arrive(&mut self, automation: Option<&'static str>) -> anyhow::Result<()> {
        let n = self.guests.len();
        let name = format!("visitor-{n}");
        let visitor = arrive(&self.nodes[n % self.nodes.len()]).await?;
        let names = [name.clone(), format!("{name}-too")];
        let count = if n.is_multiple_of(3) { 2 } else { 1 };
        let windows = names[..count].iter().enumerate().map(|(more, name)| {
            Setup::visitor(&visitor, &self.turned(n + more)).recorded(&self.recorder, name).start()
        });
        let windows = windows.collect();
        let (conversations, said) = (Mutex::default(), AtomicUsize::new(0));
        let guest = Guest { name, visitor, windows, conversations, automation, said };
        let conversation = guest.begin().await?;
        if automation.is_none() {
            self.desks.iter().for_each(|desk| desk.console.follow(&conversation));
        }
        self.guests.push(Arc::new(guest));
        Ok(())
    }

    fn set_going(&mut self, dice: &mut fastrand::Rng) {
        for guest in &self.guests {
            let act = visitor::act(Arc::clone(guest), dice.fork(), self.stop.subscribe());
            self.actors.spawn(act);
        }
        let colleagues: Vec<String> = self.desks.iter().map(|desk| desk.staff.id.clone()).collect();
        for desk in &self.desks {
            let room = agent::Room {
                guests: self.guests.clone(),
                colleagues: colleagues.clone(),
                team: self.general.clone(),
            };
            self.actors.spawn(agent::act(Arc::clone(desk), room, dice.fork(), self.stop.subscribe()));
        }
    }

    /// All who talk with people say something at once, so that much is under way in the next moment.
    pub fn burst(&self) {
        self.guests.iter().filter(|guest| guest.automation.is_none()).for_each(|guest| {
            let conversation = guest.present();
            (0..BURST).for_each(|_| visitor::say(guest, &conversation));
        });
    }

    /// What everybody does and sees.
    #[must_use]
    pub fn recorder(&self) -> Recorder {
        self.recorder.clone()
    }

    /// How often a client had to connect again so far, and was welcomed.
    #[must_use]
    pub fn comebacks(&self) -> usize {
        let again = |client: &Client| client.connections().saturating_sub(1) as usize;
        self.clients().map(again).sum()
    }

    /// How many clients are welcome and connected now, and how many there are.
    #[must_use]
    pub fn connected(&self) -> (usize, usize) {
        (self.clients().filter(|client| client.is_connected()).count(), self.clients().count())
    }

    /// The close codes of all connections so far.
    #[must_use]
    pub fn closes(&self) -> Vec<u16> {
        self.clients().flat_map(Client::closes).collect()
    }

    /// How many different messages and notes have been acknowledged so far.
    #[must_use]
    pub fn acknowledged(&self) -> usize {
        self.recorder.acknowledged()
    }
}

/// Sleeps for a random time between two in milliseconds; `false` when the load is to stop.
async fn pause(dice: &mut fastrand::Rng, from_ms: u64, to_ms: u64, stop: &mut watch::Receiver<bool>) -> bool {
    let time = Duration::from_millis(dice.u64(from_ms..to_ms));
    tokio::select! {
        () = tokio::time::sleep(time) => true,
        _ = stop.wait_for(|stop| *stop) => false,
    }
}

/// The kind of the owner in a state: `agent`, `queue`, `automation` or `none`.
fn owner(state: &Value) -> &str {
    state["owner"]["kind"].as_str().unwrap_or_default()
}
