//! A database manager over a real database and the bus of this process.

use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::SystemTime;

use switchboard_bus::{Bus, Local};
use switchboard_dbmgr::{Dbmgr, MailOptions, Options, Parts, Service, start};
use switchboard_domain::{Clock, Millis, Rng};
use switchboard_storage::Store;
use switchboard_testkit::{Database, TempDir};
use switchboard_wire::{Call, Credential, Failure, Problem};

/// The machine's clocks, which a test may change.
#[derive(Default)]
pub(crate) struct TestClock {
    passed: AtomicI64,
    set: AtomicI64,
}

impl TestClock {
    /// So much time passes.
    pub(crate) fn forward(&self, by: Millis) {
        self.passed.fetch_add(by, Ordering::SeqCst);
    }

    /// Somebody sets the wall clock; no time passes.
    pub(crate) fn set(&self, by: Millis) {
        self.set.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Millis {
        self.elapsed() + self.set.load(Ordering::SeqCst)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock that tests pass as an argument")]
    fn elapsed(&self) -> Millis {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        i64::try_from(since.as_millis()).unwrap() + self.passed.load(Ordering::SeqCst)
    }
}

/// The operating system's dice.
pub(crate) struct Dice;

impl Rng for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        std::fs::File::open("/dev/urandom").unwrap().read_exact(bytes).unwrap();
    }
}

pub(crate) struct World {
    pub(crate) service: Service,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) database: Database,
    _folder: TempDir,
}

impl World {
    pub(crate) async fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let database = Database::Sqlite(folder.join("sb.db"));
        Self::open(database, folder, true).await
    }

    pub(crate) async fn mariadb() -> Self {
        Self::open(Database::mariadb().unwrap(), TempDir::new().unwrap(), true).await
    }

    /// The same with a router at work.
    pub(crate) async fn routed() -> Self {
        let folder = TempDir::new().unwrap();
        let database = Database::Sqlite(folder.join("sb.db"));
        Self::open(database, folder, false).await
    }

    pub(crate) async fn open(database: Database, folder: TempDir, without_router: bool) -> Self {
        let options = switchboard_storage::Options::default();
        Self::open_with(database, folder, without_router, options).await
    }

    /// The same with other deadlines of the database.
    pub(crate) async fn open_with(
        database: Database,
        folder: TempDir,
        without_router: bool,
        options: switchboard_storage::Options,
    ) -> Self {
        let clock = Arc::new(TestClock::default());
        let bus: Arc<dyn Bus> = Arc::new(Local::new());
        let service = serve_with(&database, &bus, &clock, without_router, options).await;
        Self { service, bus, clock, database, _folder: folder }
    }

    /// The same with a router at work and e-mail.
    pub(crate) async fn open_mailing(database: Database, folder: TempDir, mail: MailOptions) -> Self {
        let clock = Arc::new(TestClock::default());
        let bus: Arc<dyn Bus> = Arc::new(Local::new());
        let options = Options { mail: Some(mail), ..Options::default() };
        let service =
            serve_as(&database, &bus, &clock, switchboard_storage::Options::default(), &options).await;
        Self { service, bus, clock, database, _folder: folder }
    }

    /// Stopped, and started again with this chosen.
    pub(crate) async fn again(self, options: &Options) -> Self {
        self.again_after(options, || ()).await
    }

    /// The same, with something that happens while nobody is there.
    pub(crate) async fn again_after(self, options: &Options, meanwhile: impl FnOnce()) -> Self {
        let Self { service, bus, clock, database, _folder } = self;
        service.stop().await;
        meanwhile();
        let storage = switchboard_storage::Options::default();
        let service = serve_as(&database, &bus, &clock, storage, options).await;
        Self { service, bus, clock, database, _folder }
    }

    pub(crate) fn dbmgr(&self) -> &Dbmgr {
        self.service.dbmgr()
    }

    pub(crate) async fn call<C: Call>(&self, by: &Credential, call: C) -> Result<C::Reply, Failure> {
        self.dbmgr().call(by.clone(), call).await
    }

    /// As one of our components.
    pub(crate) async fn house<C: Call>(&self, call: C) -> C::Reply {
        self.dbmgr().call(Credential::Component, call).await.unwrap()
    }

    /// A number that the database answers.
    pub(crate) fn count(&self, query: &str) -> i64 {
        self.database.value(query).unwrap().parse().unwrap()
    }
}

/// A database manager at work on a database.
pub(crate) async fn serve(
    database: &Database,
    bus: &Arc<dyn Bus>,
    clock: &Arc<TestClock>,
    without_router: bool,
) -> Service {
    serve_with(database, bus, clock, without_router, switchboard_storage::Options::default()).await
}

async fn serve_with(
    database: &Database,
    bus: &Arc<dyn Bus>,
    clock: &Arc<TestClock>,
    without_router: bool,
    storage: switchboard_storage::Options,
) -> Service {
    serve_as(database, bus, clock, storage, &Options { without_router, ..Options::default() }).await
}

/// The same, with everything that may be chosen.
pub(crate) async fn serve_as(
    database: &Database,
    bus: &Arc<dyn Bus>,
    clock: &Arc<TestClock>,
    storage: switchboard_storage::Options,
    options: &Options,
) -> Service {
    let store = Store::open(&database.url(), storage).await.unwrap();
    let parts = Parts {
        store,
        buses: vec![Arc::clone(bus)],
        automations: Arc::clone(bus),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        rng: Arc::new(Dice),
    };
    let service = start(parts, options);
    service.until_ready().await.unwrap();
    service
}

/// The problem of a call that must fail.
#[track_caller]
pub(crate) fn problem<T>(result: Result<T, Failure>) -> Problem {
    match result {
        Ok(_) => panic!("it should have been refused"),
        Err(failure) => failure.problem,
    }
}
