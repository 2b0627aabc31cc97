//! The volume with the database is full, and then it is not.

mod row;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::json;
use switchboard_testkit::mariadb::{Extras, Size};
use switchboard_testkit::system::Setup;
use switchboard_testkit::{
    FileSystem, Http, MariaDb, Recorder, Shape, System, Visitor, Volume, unique, wait,
};

use crate::figures::{COUNTED, settle};
use crate::load::{Crew, Load, USUAL, arrive};
use crate::plan::Plan;
use crate::report::Section;
use crate::scenario::Scenario;
use row::Row;

/// What it is.
pub const SCENARIO: Scenario = Scenario {
    name: "disk",
    title: "A full disk",
    about: "The SQLite file, or MariaDB's data folder, lies on a small file system of its own, a tmpfs or an ext4 on a loop \
            device. Under load all room is taken, to the last byte and again whenever some becomes free, until messages \
            are refused, and for a while longer; then it is given back. What was acknowledged must be there, what was \
            refused is sent again by the clients, over HTTP the answer is 201 or 503 and a 201 is stored, and everything \
            works again without a restart of any process. Mounting needs root; without it this is not run.",
    run: |plan| Box::pin(run(plan)),
};

/// Agents who answer.
const AGENTS: usize = 3;
/// The file system under SQLite and under MariaDB, whose empty folder takes 26 MiB, in MiB.
const SQLITE_MIB: u32 = 24;
const MARIADB_MIB: u32 = 128;
/// The load goes on for so long before.
const BEFORE: Duration = Duration::from_secs(1);
/// It may take so long until what is preallocated has been used up and something is refused.
const REFUSED: Duration = Duration::from_secs(90);
/// The disk stays full for so long after that.
const STAYS: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(6));
/// Between two looks whether there is something to take.
const TAKE: Duration = Duration::from_millis(20);
/// Everything works again within this.
const WORKS: Duration = Duration::from_secs(10);

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sqlite,
    MariaDb,
}

/// Runs it.
///
/// # Errors
/// When a system cannot be started at all.
pub async fn run(plan: &Plan) -> anyhow::Result<Section> {
    let columns: Vec<&str> = ["database", "file system", "fills"]
        .into_iter()
        .chain(COUNTED)
        .chain(["put off with a nack", "over HTTP", "works again, ms: p50 / max", "goal", "held"])
        .collect();
    let mut section = Section::new(&columns);
    let all = [
        (Kind::Sqlite, FileSystem::Tmpfs, "sqlite"),
        (Kind::Sqlite, FileSystem::Ext4, "sqlite-ext4"),
        (Kind::MariaDb, FileSystem::Ext4, "mariadb"),
        (Kind::MariaDb, FileSystem::Tmpfs, "mariadb-tmpfs"),
    ];
    for (kind, fs, _) in all.into_iter().filter(|(.., part)| plan.wants(part)) {
        let mib = if kind == Kind::Sqlite { SQLITE_MIB } else { MARIADB_MIB };
        let volume = match Volume::mount(fs, mib) {
            Ok(volume) => volume,
            Err(error) => {
                section.row([format!("{kind:?}"), fs.name().to_owned(), "not run".to_owned()]);
                section.not_run(format!("{kind:?} on {}: {error:#}", fs.name()));
                continue;
            }
        };
        let mut row = Row::new(kind, fs);
        if let Err(error) = Box::pin(fill(plan, kind, &volume, &mut row)).await {
            switchboard_testkit::process::print_ended();
            row.fail(format!("{error:#}"));
        }
        row.finish(WORKS, &mut section);
        volume.unmount()?;
    }
    Ok(section)
}

/// The system of this kind with its data on the volume.
async fn start(kind: Kind, at: &Path) -> anyhow::Result<(System, Option<Arc<MariaDb>>)> {
    match kind {
        Kind::Sqlite => {
            let setup = Setup::new(Shape::Embedded).sqlite(&at.join("switchboard.db"));
            Ok((setup.start().await?, None))
        }
        Kind::MariaDb => {
            let extras = Extras { data: Some(at.join("data")), ..Extras::default() };
            let server = Arc::new(MariaDb::start_with(Size::SMALL, extras)?);
            let system = Setup::new(Shape::Cluster).on(Arc::clone(&server)).start().await?;
            Ok((system, Some(server)))
        }
    }
}

async fn fill(plan: &Plan, kind: Kind, volume: &Volume, row: &mut Row) -> anyhow::Result<()> {
    let (system, server) = start(kind, volume.path()).await?;
    let crew = Crew::hire(&system, AGENTS).await?;
    let pids = system.pids();
    for number in 0..plan.cycles(1, 5) {
        let mut load = Box::pin(Load::start(&system, &crew, USUAL, plan.seed + number as u64)).await?;
        let mut probe = load.probe().await?;
        tokio::time::sleep(BEFORE).await;
        let writer = Writer::arrive(&system).await?;
        let outcome = full(plan, volume, &load.recorder(), &writer, row).await;
        volume.free()?;
        let freed = Instant::now();
        outcome?;
        if let Some(server) = server.as_ref().filter(|server| !server.is_running()) {
            row.note(&format!(
                "mariadbd ended by itself ({}) and was started again when there was room",
                last_error(&server.log())
            ));
            server.launch()?;
        }
        let nodes: Vec<Http> = (0..system.node_count()).map(|n| Http::new(&system.address(n))).collect();
        row.works(probe.acknowledged(&load, &nodes, freed).await?);
        let name = format!("disk-{kind:?}-{}-{number}", plan.seed);
        let (counts, _) = Box::pin(settle(load, &name)).await?;
        row.counts(counts);
        if let Err(error) = writer.check().await {
            row.fail(format!("over HTTP: {error:#}"));
        }
        ensure!(system.pids() == pids, "a process is another one: {pids:?}, then {:?}", system.pids());
    }
    Ok(())
}

/// The first error after which the server did not go on, as it says itself.
fn last_error(log: &[String]) -> String {
    let fatal =
        |line: &&String| ["[FATAL]", "ssertion", "signal", "Aborting"].iter().any(|word| line.contains(word));
    let line = log.iter().find(fatal).or(log.iter().rev().find(|line| line.contains("[ERROR]")));
    line.cloned().unwrap_or_default()
}

/// Fills the volume until something is refused, and a while longer.
async fn full(
    plan: &Plan,
    volume: &Volume,
    recorder: &Recorder,
    writer: &Writer,
    row: &mut Row,
) -> anyhow::Result<()> {
    let before = recorder.put_off();
    let stop = AtomicBool::new(false);
    let filling = async {
        while !stop.load(Ordering::Relaxed) {
            volume.fill()?;
            tokio::time::sleep(TAKE).await;
        }
        anyhow::Ok(())
    };
    let watching = async {
        let refused = wait::until("the first refusal", REFUSED, async || {
            writer.write().await?;
            Ok((recorder.put_off() > before).then_some(()))
        });
        let refused = Box::pin(refused).await;
        let until = Instant::now() + plan.pick(STAYS.0, STAYS.1);
        while refused.is_ok() && Instant::now() < until {
            writer.write().await?;
            tokio::time::sleep(TAKE).await;
        }
        stop.store(true, Ordering::Relaxed);
        refused.map(|_| ())
    };
    let (filled, watched) = tokio::join!(filling, watching);
    filled.context("the volume could not be filled")?;
    watched?;
    row.put_off(recorder.put_off() - before);
    row.answers(writer.answers());
    Ok(())
}

/// Somebody who writes over HTTP, a message at a time.
struct Writer {
    visitor: Visitor,
    id: String,
    stored: std::sync::Mutex<Vec<String>>,
    refused: std::sync::atomic::AtomicUsize,
}

impl Writer {
    async fn arrive(system: &System) -> anyhow::Result<Self> {
        let visitor = arrive(&system.http()).await?;
        let id = visitor.ask_people("hello").await?;
        Ok(Self { visitor, id, stored: std::sync::Mutex::default(), refused: 0.into() })
    }

    fn stored(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.stored.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    async fn write(&self) -> anyhow::Result<()> {
        let client = unique("disk");
        let body = json!({ "client_msg_id": client, "body": { "text": "over HTTP" } });
        let path = format!("/visitor/conversations/{}/messages", self.id);
        let reply = self.visitor.http.post(&path, body).await?;
        match reply.status.as_u16() {
            201 => self.stored().push(client),
            503 => {
                reply.problem(503)?;
                self.refused.fetch_add(1, Ordering::Relaxed);
            }
            // Faster than a visitor may write.
            429 => tokio::time::sleep(TAKE * 5).await,
            _ => bail!("neither stored nor refused: {}", reply.status),
        }
        Ok(())
    }

    fn answers(&self) -> (usize, usize) {
        (self.stored().len(), self.refused.load(Ordering::Relaxed))
    }

    /// Whether all that was answered with 201 is there.
    async fn check(&self) -> anyhow::Result<()> {
        let entries = self.visitor.entries(&self.id).await?;
        let there: Vec<&str> = entries.iter().filter_map(|entry| entry["client_msg_id"].as_str()).collect();
        let lost = self.stored().iter().filter(|id| !there.contains(&id.as_str())).count();
        ensure!(lost == 0, "{lost} messages were answered with 201 and are not stored");
        Ok(())
    }
}
