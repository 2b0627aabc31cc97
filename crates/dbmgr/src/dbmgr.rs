//! The handle to a database manager in this process.

use crate::authority::Authority;
use crate::hasher::Hasher;
use crate::library::Library;
use crate::limits;
use crate::mail::Mail;
use crate::metric;
use crate::registry::{Boxed, Registry};
use crate::relay::Relay;
use crate::ruling;
use crate::service::Options;
use crate::settling::Settling;
use crate::shared::Shared;
use crate::sightings::Sightings;
use crate::throttle::Throttle;
use crate::time::CommonClock;
use crate::touch::Touches;
use crate::writer::Writer;
use futures_util::future::BoxFuture;
use std::any::TypeId;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use switchboard_bus::{Bus, BusError, Server, serve_calls};
use switchboard_domain::{Clock, Rng};
use switchboard_storage::{Dialect, Store};
use switchboard_wire::call::append::AppendEntries;
use switchboard_wire::{Call, Credential, Failure, Problem, subject};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, timeout};

/// A database manager in this process; cheap to clone.
#[derive(Clone, Debug)]
pub struct Dbmgr {
    pub(crate) shared: Arc<Shared>,
    pub(crate) registry: Arc<Registry>,
    ready: watch::Receiver<bool>,
}

/// E-mail, if it can be used as it is configured; whoever starts the program has been told before if it cannot.
fn mail(options: &Options) -> Option<Arc<Mail>> {
    match Mail::new(options.mail.as_ref()?) {
        Ok(mail) => Some(Arc::new(mail)),
        Err(error) => {
            tracing::error!(%error, "no e-mail is sent");
            None
        }
    }
}

impl Dbmgr {
    /// One that tells nobody and serves no bus: for `switchboard su`, beside a running server or without one. What it
    /// does takes effect on the servers within their leases. The schema is the caller's to see to.
    pub fn offline(store: Store, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        let (relay, _) = Relay::new(&[], rng.as_ref());
        let (_, ready) = watch::channel(true);
        Self::new((store, None), clock, rng, relay, &Options::default(), ready)
    }

    pub(crate) fn new(
        (store, turns): (Store, Option<Arc<dyn Bus>>),
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        relay: Relay,
        options: &Options,
        ready: watch::Receiver<bool>,
    ) -> Self {
        let line = (store.dialect() == Dialect::Sqlite).then(|| Semaphore::new(limits::CALLS_AHEAD));
        let shared = Shared {
            store,
            line,
            clock: Arc::new(CommonClock::new(clock)),
            hasher: Hasher::new(options.hashers, Arc::clone(&rng)),
            rng,
            throttle: Throttle::new(options.sign_in_failures),
            relay,
            writer: Writer::default(),
            settling: Settling::default(),
            touches: Touches::default(),
            durable: AtomicBool::new(false),
            files: options.files,
            mail: mail(options),
            library: Library::default(),
            rules: ruling::Known::default(),
            tell_waiting: options.tell_waiting,
            turns,
            sightings: Sightings::default(),
        };
        Self { shared: Arc::new(shared), registry: Arc::new(Registry::new()), ready }
    }

    /// The common time of all who share the database, as this process knows it.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.shared.clock) as Arc<dyn Clock>
    }

    /// Carries out a call for whoever `by` turns out to be in its transaction. It goes on when the returned future is
    /// dropped.
    ///
    /// # Errors
    /// What the call refuses; [`Problem::Unavailable`] while the database is being brought up, when it is away, or
    /// when it did not answer within [`limits::CALL`] (then it may be carried out all the same).
    pub async fn call<C: Call>(&self, by: impl Into<Authority>, call: C) -> Result<C::Reply, Failure> {
        let reply = self.call_boxed((TypeId::of::<C>(), C::NAME), by.into(), Box::new(call)).await?;
        reply.downcast::<C::Reply>().map(|reply| *reply).map_err(|_| broken())
    }

    /// The same for a call whose type only the registry knows.
    pub(crate) fn call_boxed(
        &self,
        (kind, name): (TypeId, &'static str),
        by: Authority,
        call: Boxed,
    ) -> BoxFuture<'_, Result<Boxed, Failure>> {
        Box::pin(async move {
            let began = Instant::now();
            let result = self.carry_out((kind, name), by, call).await;
            let outcome = result.as_ref().err().map_or("ok", |failure| failure.problem.name());
            metrics::counter!(metric::CALLS, "call" => name, "result" => outcome).increment(1);
            metrics::histogram!(metric::CALL_SECONDS, "call" => name).record(began.elapsed().as_secs_f64());
            result
        })
    }

    async fn carry_out(
        &self,
        (kind, call): (TypeId, &'static str),
        by: Authority,
        boxed: Boxed,
    ) -> Result<Boxed, Failure> {
        if !*self.ready.borrow() {
            return Err(Failure::unavailable("the database is not ready yet; try again"));
        }
        let (registry, shared) = (Arc::clone(&self.registry), Arc::clone(&self.shared));
        let running = tokio::spawn(async move { registry.carry_out(kind, by, boxed, shared).await });
        match timeout(limits::CALL, running).await {
            Ok(Ok(Some(result))) => result,
            Ok(Ok(None)) => {
                tracing::error!(call, "a call that is not in the registry");
                Err(broken())
            }
            Ok(Err(error)) => {
                tracing::error!(%error, call, "a call broke off");
                Err(broken())
            }
            Err(_) => {
                Err(Failure::unavailable("it took too long; it may be done later: look, then try again"))
            }
        }
    }

    /// Serves every call on a bus, in one queue group with all other dbmgrs, and appends on a lane of its own.
    pub(crate) async fn serve_on(&self, bus: &Arc<dyn Bus>) -> Result<Vec<Server>, BusError> {
        let mut servers = self.registry.serve(self, bus).await?;
        let dbmgr = self.clone();
        let handler = move |by: Credential, call: AppendEntries, _until| {
            let dbmgr = dbmgr.clone();
            async move { dbmgr.call(by, call).await }
        };
        let lane = subject::append_lane(self.shared.relay.incarnation());
        let limit = Arc::new(Semaphore::new(limits::APPEND_CALLS));
        servers.push(serve_calls::<AppendEntries, _, _>(Arc::clone(bus), &lane, None, limit, handler).await?);
        Ok(servers)
    }

    /// Whether the database has this version's schema and was reached once.
    pub fn is_ready(&self) -> bool {
        *self.ready.borrow()
    }
}

pub(crate) fn broken() -> Failure {
    Failure::new(Problem::Internal, "something broke on our side; it is in the log")
}
