//! A database manager at work: it brings up the database, serves its calls on every bus, beats, routes when it holds
//! the lock, and drains when it is told to stop.

use crate::builtin;
use crate::dbmgr::Dbmgr;
use crate::lease::{self, Around};
use crate::limits;
use crate::mail::{self, MailOptions};
use crate::relay::Relay;
use crate::ruling;
use crate::sightings::keep_looking;
use crate::writer::Writer;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use switchboard_bus::{Bus, Server};
use switchboard_domain::file::FileLimits;
use switchboard_domain::{Clock, Rng};
use switchboard_outbound::Client;
use switchboard_storage::{DbmgrLease, Error, Store};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, interval, sleep, timeout_at};

/// What a database manager is made of.
pub struct Parts {
    /// The database; nobody else writes to it.
    pub store: Store,
    /// Where it serves its calls and tells what happened: the bus of this process, NATS, or both. A connection that
    /// shares a process with a reader of the other bus should not hear its own echo.
    pub buses: Vec<Arc<dyn Bus>>,
    /// Where automations take turns: NATS where there is one, the bus of this process otherwise.
    pub automations: Arc<dyn Bus>,
    /// The machine's clocks.
    pub clock: Arc<dyn Clock>,
    /// For ids and secrets.
    pub rng: Arc<dyn Rng>,
}

/// What may be chosen.
#[derive(Debug, Clone)]
pub struct Options {
    /// Passwords hashed at a time; all cores but one when `None`.
    pub hashers: Option<usize>,
    /// Whether this one never routes, even when nobody else does (for tests and tools).
    pub without_router: bool,
    /// Failed sign-ins in a row, of one account from one address, before waiting.
    pub sign_in_failures: u32,
    /// What files may be in all.
    pub files: FileLimits,
    /// What e-mail to visitors needs; none is sent without.
    pub mail: Option<MailOptions>,
    /// How servers outside are reached that are told what happens; they are told nothing when `None`.
    pub outbound: Option<Client>,
    /// Deliveries that may wait for one server outside; with more it is told nothing further.
    pub tell_waiting: i64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            hashers: None,
            without_router: false,
            sign_in_failures: limits::SIGN_IN_FAILURES,
            files: FileLimits::default(),
            mail: None,
            outbound: None,
            tell_waiting: limits::TELL_WAITING,
        }
    }
}

/// A database manager at work.
pub struct Service {
    dbmgr: Dbmgr,
    state: watch::Receiver<State>,
    shutdown: watch::Sender<bool>,
    running: JoinHandle<()>,
}

#[derive(Debug, Clone)]
enum State {
    Starting,
    Ready,
    Failed(String),
}

/// Starts a database manager. It comes back at once: the database may be away, and is tried until it is there.
/// [`Service::dbmgr`] answers "unavailable" meanwhile.
pub fn start(parts: Parts, options: &Options) -> Service {
    let (relay, tellers) = Relay::new(&parts.buses, parts.rng.as_ref());
    let (open, ready) = watch::channel(false);
    let dbmgr = Dbmgr::new(
        (parts.store, Some(Arc::clone(&parts.automations))),
        Arc::clone(&parts.clock),
        Arc::clone(&parts.rng),
        relay,
        options,
        ready,
    );
    let (state, watched) = watch::channel(State::Starting);
    let (shutdown, stopped) = watch::channel(false);
    let around = Around {
        dbmgr: dbmgr.clone(),
        notices: parts.buses,
        automations: parts.automations,
        outbound: options.outbound.clone(),
    };
    let work = Work { around, without_router: options.without_router, open, state, stopped };
    let told = dbmgr.clone();
    let running = tokio::spawn(async move {
        work.run().await;
        told.shared.relay.close();
        // What was told last is still on its way.
        let until = Instant::now() + limits::BEAT;
        for teller in tellers {
            let abort = teller.abort_handle();
            if timeout_at(until, teller).await.is_err() {
                abort.abort();
            }
        }
    });
    Service { dbmgr, state: watched, shutdown, running }
}

impl Service {
    /// The handle for callers in this process.
    pub fn dbmgr(&self) -> &Dbmgr {
        &self.dbmgr
    }

    /// Waits until the database is up and every bus is served.
    ///
    /// # Errors
    /// What trying again does not mend: a newer or foreign schema, a wrong URL.
    pub async fn until_ready(&self) -> Result<(), String> {
        let mut state = self.state.clone();
        let settled = state.wait_for(|state| !matches!(state, State::Starting)).await;
        match settled.as_deref() {
            Ok(State::Ready) => Ok(()),
            Ok(State::Failed(why)) => Err(why.clone()),
            Ok(State::Starting) | Err(_) => Err("it was stopped while starting".into()),
        }
    }

    /// Stops routing, takes no new calls, and waits for those in hand, at most [`limits::DRAIN`] and a moment.
    pub async fn stop(self) {
        // The work may have failed and ended already.
        let _ = self.shutdown.send(true);
        let abort = self.running.abort_handle();
        if timeout_at(Instant::now() + limits::DRAIN * 2, self.running).await.is_err() {
            tracing::warn!("calls were still in hand when the time to stop was over");
            abort.abort();
        }
    }
}

/// The task behind a [`Service`].
struct Work {
    around: Around,
    without_router: bool,
    open: watch::Sender<bool>,
    state: watch::Sender<State>,
    stopped: watch::Receiver<bool>,
}

impl Work {
    async fn run(mut self) {
        let mut stopped = self.stopped.clone();
        let dbmgr = self.around.dbmgr.clone();
        // Before anybody is let in, or the first messages would hear that it is stopping.
        let writing = Writer::start(&dbmgr.shared);
        let started = tokio::select! {
            started = self.bring_up() => started,
            _ = stopped.wait_for(|stop| *stop) => None,
        };
        let Some((_lease, servers)) = started else {
            return dbmgr.shared.writer.stop(writing, Instant::now() + limits::DRAIN).await;
        };
        let mut rooms = JoinSet::new();
        let beating = rooms.spawn({
            let dbmgr = dbmgr.clone();
            async move { dbmgr.shared.relay.keep_beating().await }
        });
        rooms.spawn(keep_touching(dbmgr.clone()));
        rooms.spawn(keep_time(dbmgr.clone()));
        rooms.spawn(mail::watch::run(Arc::clone(&dbmgr.shared)));
        rooms.spawn(keep_looking(Arc::clone(&dbmgr.shared), Arc::clone(&self.around.automations)));
        rooms.spawn(ruling::keep_reading(Arc::clone(&dbmgr.shared), self.around.notices.clone()));
        let routing = (!self.without_router)
            .then(|| tokio::spawn(lease::keep_routing(self.around.clone(), self.stopped.clone())));
        // The sender is gone only when the service was dropped, which is a stop too.
        let _ = stopped.wait_for(|stop| *stop).await;
        // Whoever chooses among those alive chooses another one from now on.
        beating.abort();
        if let Some(routing) = routing {
            let _ = routing.await;
        }
        drain(servers).await;
        dbmgr.shared.writer.stop(writing, Instant::now() + limits::DRAIN).await;
        self.open.send_replace(false);
        rooms.shutdown().await;
        write_touches(&dbmgr).await;
    }

    /// Tries until the database is up and every bus is served; `None` when that will never be.
    async fn bring_up(&mut self) -> Option<(DbmgrLease, Vec<Server>)> {
        loop {
            match self.try_to().await {
                Ok(done) => {
                    self.state.send_replace(State::Ready);
                    return Some(done);
                }
                Err(error @ (Error::Schema(_) | Error::Config(_))) => {
                    tracing::error!(%error, "the database cannot be used");
                    self.state.send_replace(State::Failed(error.to_string()));
                    return None;
                }
                Err(error) => tracing::warn!(%error, "not ready yet; trying again"),
            }
            sleep(limits::BEAT).await;
        }
    }

    async fn try_to(&self) -> Result<(DbmgrLease, Vec<Server>), Error> {
        let shared = &self.around.dbmgr.shared;
        let lease = shared.store.dbmgr_lease().await?;
        let lease = lease.ok_or_else(|| Error::Busy("another process has this database file".into()))?;
        let now = shared.clock.now();
        let epoch = builtin::bring_up(&shared.store, now, shared.rng.as_ref()).await?;
        shared.clock.set(&shared.store).await?;
        shared.relay.set_epoch(&epoch);
        let durability = shared.store.durability().await?;
        for fault in &durability.faults {
            tracing::warn!(
                server = durability.server,
                fault,
                "not durable: an acknowledged message may be lost"
            );
        }
        shared.durable.store(durability.is_durable(), Ordering::Relaxed);
        self.open.send_replace(true);
        let mut servers = Vec::new();
        for bus in &self.around.notices {
            let served = self.around.dbmgr.serve_on(bus).await;
            servers.extend(served.map_err(|error| Error::Unavailable(error.to_string()))?);
        }
        Ok((lease, servers))
    }
}

async fn drain(servers: Vec<Server>) {
    let draining = servers.into_iter().map(|server| server.drain(limits::DRAIN));
    let done = futures_util::future::join_all(draining).await;
    if done.contains(&false) {
        tracing::warn!("some calls were not answered before the end");
    }
}

async fn keep_touching(dbmgr: Dbmgr) {
    let mut ticks = interval(limits::TOUCH_EVERY);
    loop {
        ticks.tick().await;
        write_touches(&dbmgr).await;
    }
}

async fn keep_time(dbmgr: Dbmgr) {
    let shared = &dbmgr.shared;
    loop {
        sleep(limits::CLOCK_EVERY).await;
        if let Err(error) = shared.clock.look(&shared.store).await {
            tracing::debug!(%error, "the time was not compared with the database's");
        }
    }
}

async fn write_touches(dbmgr: &Dbmgr) {
    let shared = &dbmgr.shared;
    if let Err(error) = shared.touches.write(&shared.store, shared.clock.now()).await {
        tracing::debug!(%error, "uses of sessions were not written");
    }
}
