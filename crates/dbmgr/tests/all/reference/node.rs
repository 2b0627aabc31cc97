//! A database manager that can be killed: it lives in a runtime of its own, which is thrown away with all that it
//! has in hand.

use std::sync::Arc;
use std::time::Duration;

use switchboard_bus::{Bus, Local};
use switchboard_dbmgr::{Authority, Dbmgr};
use switchboard_domain::{Clock as _, Millis};
use switchboard_testkit::{Database, TempDir};
use switchboard_wire::call::append::{Append, AppendEntries, Appended};
use switchboard_wire::{Call, Credential, Failure, Problem};
use tokio::runtime::Runtime;

use crate::world::{TestClock, serve};

/// How long a killed one may take to let go of its threads.
const LAST_BREATH: Duration = Duration::from_secs(5);

/// Tries of a client that is told to come back.
const TRIES: usize = 10;

pub(super) struct Node {
    runtime: Option<Runtime>,
    dbmgr: Dbmgr,
    database: Database,
    clock: Arc<TestClock>,
    _folder: TempDir,
}

/// One that is at work.
fn launch(database: &Database, clock: &Arc<TestClock>) -> (Runtime, Dbmgr) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (database, clock) = (database.clone(), Arc::clone(clock));
    let dbmgr = runtime.block_on(async move {
        let bus: Arc<dyn Bus> = Arc::new(Local::new());
        let service = serve(&database, &bus, &clock, true).await;
        let dbmgr = service.dbmgr().clone();
        // It lives as long as its runtime; dropped, it would stop politely.
        tokio::spawn(async move {
            std::future::pending::<()>().await;
            drop(service);
        });
        dbmgr
    });
    (runtime, dbmgr)
}

impl Node {
    pub(super) fn start(database: Database, folder: TempDir) -> Self {
        let clock = Arc::new(TestClock::default());
        let (runtime, dbmgr) = launch(&database, &clock);
        Self { runtime: Some(runtime), dbmgr, database, clock, _folder: folder }
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().unwrap()
    }

    pub(super) fn now(&self) -> Millis {
        self.clock.now()
    }

    pub(super) fn call<C: Call>(&self, by: impl Into<Authority>, call: C) -> Result<C::Reply, Failure> {
        self.runtime().block_on(self.dbmgr.call(by, call))
    }

    pub(super) fn append(&self, items: Vec<Append>) -> Vec<Result<Appended, Failure>> {
        self.call(Credential::Component, AppendEntries { items }).unwrap()
    }

    /// Tries again what is unavailable, as clients do: a killed one's locks may be held for a moment.
    pub(super) fn insist(&self, items: &[Append]) -> Vec<Result<Appended, Failure>> {
        let away = |answer: &Result<Appended, Failure>| {
            answer.as_ref().is_err_and(|failure| failure.problem == Problem::Unavailable)
        };
        let mut answers = vec![];
        for _ in 0..TRIES {
            answers = self.append(items.to_vec());
            if !answers.iter().any(away) {
                return answers;
            }
        }
        panic!("unavailable for {TRIES} tries: {answers:?}");
    }

    /// Sends lists all at once, and kills the database manager a moment later; then another one takes its place.
    /// What has become of the lists nobody knows.
    pub(super) fn crash(&mut self, lists: Vec<Vec<Append>>, after: Duration) {
        let runtime = self.runtime.take().unwrap();
        for items in lists {
            let dbmgr = self.dbmgr.clone();
            runtime.spawn(async move { dbmgr.call(Credential::Component, AppendEntries { items }).await });
        }
        std::thread::sleep(after);
        runtime.shutdown_timeout(LAST_BREATH);
        let (runtime, dbmgr) = launch(&self.database, &self.clock);
        (self.runtime, self.dbmgr) = (Some(runtime), dbmgr);
    }
}
