//! The router lock: of all dbmgrs the one that holds it routes conversations, and stops the moment it does not.

use crate::dbmgr::Dbmgr;
use crate::limits;
use crate::mail;
use crate::outward::Hooks;
use crate::ruling;
use crate::webhooks;
use std::sync::Arc;
use switchboard_bus::Bus;
use switchboard_outbound::Client;
use switchboard_router::{Ask, Links};
use switchboard_storage::{RouterLock, Store};
use switchboard_wire::{Call, Credential, Failure};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// The router's way to the dbmgr around it.
struct InProcess(Dbmgr);

impl<C: Call> Ask<C> for InProcess {
    async fn ask(&self, call: C) -> Result<C::Reply, Failure> {
        self.0.call(Credential::Component, call).await
    }
}

/// What a router is joined to.
#[derive(Clone)]
pub(crate) struct Around {
    pub(crate) dbmgr: Dbmgr,
    pub(crate) notices: Vec<Arc<dyn Bus>>,
    pub(crate) automations: Arc<dyn Bus>,
    /// How servers outside are reached; none where they are told nothing.
    pub(crate) outbound: Option<Client>,
}

/// Routes whenever this process holds the lock, until `shutdown` holds `true`.
pub(crate) async fn keep_routing(around: Around, mut shutdown: watch::Receiver<bool>) {
    loop {
        let taken = tokio::select! {
            taken = acquire(&around.dbmgr.shared.store) => taken,
            _ = shutdown.wait_for(|stop| *stop) => return,
        };
        let mut lock = taken;
        let clock = &around.dbmgr.shared.clock;
        clock.keep(true);
        let router = Router::start(&around);
        let posting = tokio::spawn(mail::post::run(Arc::clone(&around.dbmgr.shared)));
        let telling = around.outbound.clone().map(|client| {
            let (shared, buses) = (Arc::clone(&around.dbmgr.shared), around.notices.clone());
            tokio::spawn(webhooks::run(shared, buses, client))
        });
        let ruling = tokio::spawn(ruling::run(Arc::clone(&around.dbmgr.shared), around.notices.clone()));
        let stopping = tokio::select! {
            () = lost(&mut lock) => false,
            () = router.ended() => false,
            _ = shutdown.wait_for(|stop| *stop) => true,
        };
        clock.keep(false);
        posting.abort();
        // What is under way is sent again by the next one.
        if let Some(telling) = telling {
            telling.abort();
        }
        ruling.abort();
        router.stop().await;
        lock.release().await;
        if stopping {
            return;
        }
        // A router that ends by itself is started again, but not in a busy circle.
        sleep(limits::LOCK_RETRY).await;
    }
}

/// Waits until the lock is ours.
async fn acquire(store: &Store) -> RouterLock {
    loop {
        match store.router_lock().await {
            Ok(Some(lock)) => return lock,
            Ok(None) => {}
            Err(error) => tracing::debug!(%error, "the router lock cannot be asked for"),
        }
        sleep(limits::LOCK_RETRY).await;
    }
}

/// Returns when the lock is ours no longer, as far as can be told.
async fn lost(lock: &mut RouterLock) {
    loop {
        sleep(limits::LOCK_CHECK).await;
        if !lock.is_held().await {
            tracing::warn!("the router lock was lost; another process may route now");
            return;
        }
    }
}

/// A router at work.
struct Router {
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Router {
    fn start(around: &Around) -> Self {
        let (stop, stopped) = watch::channel(false);
        let links = Links {
            calls: Arc::new(InProcess(around.dbmgr.clone())),
            notices: around.notices.clone(),
            automations: Arc::clone(&around.automations),
            outward: Arc::new(Hooks {
                shared: Arc::clone(&around.dbmgr.shared),
                client: around.outbound.clone(),
            }),
        };
        let shared = &around.dbmgr.shared;
        let (clock, rng) = (around.dbmgr.clock(), Arc::clone(&shared.rng));
        Self { stop, running: tokio::spawn(switchboard_router::run(links, clock, rng, stopped)) }
    }

    async fn ended(&self) {
        while !self.running.is_finished() {
            sleep(limits::LOCK_CHECK).await;
        }
    }

    /// Two routers would waste work only, but one that cannot be told to stop is stopped.
    async fn stop(mut self) {
        // The router may have ended already.
        let _ = self.stop.send(true);
        if timeout(limits::LOCK_CHECK, &mut self.running).await.is_err() {
            self.running.abort();
        }
    }
}
