//! A router at work on a bus.

use std::sync::Arc;
use std::time::Duration;

use switchboard_bus::{Bus, Local};
use switchboard_domain::{Clock, Millis, Rng};
use switchboard_router::{Links, run};
use switchboard_wire::call::router::BoardAgent;
use switchboard_wire::notice::{Here, Notice, PresenceNotice};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::ledger::{Beyond, Ledger};

/// The runtime's time as a wall clock.
struct Wall(Instant);

impl Clock for Wall {
    fn now(&self) -> Millis {
        1_800_000_000_000 + self.elapsed()
    }

    fn elapsed(&self) -> Millis {
        i64::try_from(self.0.elapsed().as_millis()).unwrap()
    }
}

/// Dice good enough for ids that must differ.
struct Counting(std::sync::atomic::AtomicU64);

impl Rng for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let n = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst).to_le_bytes();
        for (byte, n) in bytes.iter_mut().zip(n.iter().cycle()) {
            *byte = *n;
        }
    }
}

pub struct Scene {
    pub bus: Local,
    pub ledger: Arc<Ledger>,
    routers: Vec<(watch::Sender<bool>, JoinHandle<()>)>,
}

impl Scene {
    /// A house without a router.
    pub fn dark() -> Self {
        let bus = Local::new();
        let started = Instant::now();
        let ledger = Arc::new(Ledger::new(bus.clone(), Arc::new(Wall(started))));
        Self { bus, ledger, routers: vec![] }
    }

    /// A house with one.
    pub async fn open() -> Self {
        let mut scene = Self::dark();
        scene.route();
        // Everybody has subscribed.
        sleep(Duration::from_millis(1)).await;
        scene
    }

    /// Starts a router.
    pub fn route(&mut self) {
        let bus: Arc<dyn Bus> = Arc::new(self.bus.clone());
        let links = Links {
            calls: Arc::clone(&self.ledger),
            notices: vec![Arc::clone(&bus)],
            automations: bus,
            outward: Arc::new(Beyond(Arc::clone(&self.ledger))),
        };
        let (stop, stopped) = watch::channel(false);
        let clock = Arc::clone(&self.ledger.clock);
        let router = tokio::spawn(run(links, clock, Arc::new(Counting(1.into())), stopped));
        self.routers.push((stop, router));
    }

    /// Stops the oldest router, as a process does that loses the lock.
    pub async fn stop_one(&mut self) {
        let (stop, router) = self.routers.remove(0);
        stop.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(1), router).await.expect("stops at once").unwrap();
    }

    /// An agent who says to be online.
    pub async fn agent(&self, id: &str, capacity: i64, teams: &[&str]) {
        let agent = BoardAgent {
            agent: id.into(),
            online: true,
            teams: teams.iter().map(ToString::to_string).collect(),
            skills: vec![],
            capacity,
            open: 0,
            idle_since: self.ledger.clock.now(),
        };
        self.ledger.lock().agents.insert(id.into(), agent);
        let notice = PresenceNotice { agent: id.into(), status: "online".into() };
        self.ledger.tell(&Notice::Presence(notice)).await;
    }

    /// A node says whose consoles are open there.
    pub async fn here(&self, node: &str, agents: &[&str]) {
        let agents = agents.iter().map(ToString::to_string).collect();
        self.ledger.tell(&Notice::Here(Here { node: node.into(), agents })).await;
    }

    /// Waits until `what` holds; how long that took.
    pub async fn until(&self, limit: Duration, what: impl Fn(&Ledger) -> bool) -> Duration {
        let begun = Instant::now();
        while !what(&self.ledger) {
            assert!(begun.elapsed() <= limit, "not within {limit:?}");
            sleep(Duration::from_millis(5)).await;
        }
        begun.elapsed()
    }

    /// Who has a conversation: the kind, and the id after a colon.
    pub fn owner(&self, id: &str) -> String {
        let owner = self.ledger.get(id).owner;
        owner.id().map_or_else(|| owner.kind().to_owned(), |id| format!("{}:{id}", owner.kind()))
    }
}
