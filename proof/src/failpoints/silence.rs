//! Commits that nobody hears of at first: the process dies between commit and telling, and whoever sent the message is
//! gone too; or the process itself does not know the outcome. Who follows is shown the entry soon all the same, nobody
//! has to write or come back for it, and what is offered again is not done again.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use switchboard_faults::{Deed, FAULT_AT, Point, Stop};
use switchboard_testkit::proxy::Faults;
use switchboard_testkit::system::Setup;
use switchboard_testkit::{
    Database, MariaDb, Proxy, Shape, Signal, Socket, System, Visitor, staff::SOON, unique, wait,
};

use super::tally::Tallies;
use crate::faulty::Build;
use crate::plan::{Plan, Scale};

/// Guarantee 11: within two seconds of the successor's first beat, here with room for a busy machine.
const SHOWN: Duration = Duration::from_secs(10);
/// How long a reply that is offered once more may take.
const AFTERMATH: Duration = Duration::from_secs(2);
/// A COMMIT is given up after ten seconds without an answer; then it is looked for.
const FOUND_OUT: Duration = Duration::from_secs(45);
/// How long the database stands still: longer than a COMMIT is waited for.
const STILL: Duration = Duration::from_millis(10_500);
/// How often a reply is left without an answer: in perhaps a third of the tries it is offered again before the router
/// has found that its lock is gone.
const OFFERS: usize = 12;
/// How often each is tried at full length.
const TIMES: usize = 3;

/// Tries all of them.
pub(super) async fn run(plan: &Plan, build: Build<'_>, tallies: &mut Tallies) -> anyhow::Result<()> {
    // At short length they are tried as the checks of two mutants.
    if plan.scale == Scale::Short && plan.part.is_none() {
        return Ok(());
    }
    let times = plan.cycles(1, TIMES);
    for way in WAYS.iter().filter(|way| plan.wants(way.name) && !plan.shapes(&[way.shape]).is_empty()) {
        for _ in 0..times {
            if let Some(what) = (way.run)(build).await.context(way.title)? {
                tallies.fail(&[], &format!("{}: {what}", way.title));
            }
        }
        tallies.other(way.title, way.when, times);
    }
    Ok(())
}

type Said<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Option<String>>> + 'a>>;

/// One of the ways.
struct Way {
    /// On the command line.
    name: &'static str,
    title: &'static str,
    when: &'static str,
    shape: Shape,
    run: for<'a> fn(Build<'a>) -> Said<'a>,
}

const WAYS: [Way; 3] = [
    Way {
        name: "unheard",
        title: "told by nobody",
        when: "a node dies at tell.before, and with it everybody who knows of the message",
        shape: Shape::Cluster,
        run: |build| Box::pin(told_by_nobody(build)),
    },
    Way {
        name: "unknown",
        title: "message of unknown outcome",
        when: "MariaDB stands still between COMMIT and its answer",
        shape: Shape::Cluster,
        run: |build| Box::pin(unknown_commit(build)),
    },
    Way {
        name: "unknown_reply",
        title: "reply of unknown outcome",
        when: "a node is cut from MariaDB between COMMIT of an automation's reply and its answer",
        shape: Shape::Cluster,
        run: |build| Box::pin(unknown_reply(build)),
    },
];

/// A visitor with two sockets: one that writes, one that reads.
struct Pair {
    visitor: Visitor,
    id: String,
    writes: Socket,
    reads: Socket,
}

impl Pair {
    async fn come(system: &System) -> anyhow::Result<Self> {
        Self::of(system.visitor().await?).await
    }

    async fn of(visitor: Visitor) -> anyhow::Result<Self> {
        let id = visitor.ask_people("before").await?;
        let writes = visitor.socket().await?;
        let mut reads = visitor.socket().await?;
        let follow = json!({ "type": "resume", "conversation": id, "last_seq": 0 });
        reads.send(&follow).await?;
        let head = visitor.conversation(&id).await?["head"].clone();
        reads.expect_where("what was before", SOON, |frame| frame["entry"]["seq"] == head).await?;
        Ok(Self { visitor, id, writes, reads })
    }

    async fn write(&mut self, text: &str) -> anyhow::Result<String> {
        let client = unique("silence");
        let frame = json!({
            "type": "send", "conversation": self.id, "client_msg_id": client, "body": { "text": text },
        });
        self.writes.send(&frame).await?;
        Ok(client)
    }
}

/// Waits until the reader is shown a text; what is wrong when it is not.
async fn read(reads: &mut Socket, text: &str, deadline: Duration) -> Option<String> {
    let shown = |frame: &Value| frame["type"] == "entry" && frame["entry"]["body"]["text"] == text;
    let came = reads.expect_where("the entry", deadline, shown).await;
    came.err().map(|error| format!("a reader was not shown {text:?}: {error:#}"))
}

/// Ends a node between commit and telling: the sender, the edge that asked and the dbmgr that knows are gone at once,
/// and only the silence of that dbmgr tells another node's edge to look.
///
/// # Errors
/// When it could not be tried.
pub async fn told_by_nobody(build: Build<'_>) -> anyhow::Result<Option<String>> {
    let mut system = build.dress(Setup::new(Shape::Cluster)).start().await?;
    // Messages pass it, and calls that tell something: those of a visitor who comes and of the router are over before
    // the message is sent, and anything later would be told by the other node.
    system.kill("node-0")?;
    let mut pair = Pair::of(Visitor::arrive(&system.far_http()).await?).await?;
    let at = Point::TellBefore.name();
    system.launch_with("node-0", &[(FAULT_AT, &format!("{at}:1"))])?;
    system.await_ready("node-0").await?;
    let there = pair.visitor.http.clone().at(&system.address(0));
    pair.writes = Visitor { http: there, ..pair.visitor.clone() }.socket().await?;
    let text = "committed, and then silence";
    pair.write(text).await?;
    let ended = async || Ok(system.process("node-0")?.ended());
    let (status, _) = Box::pin(wait::until("the end at its point", SOON, ended)).await?;
    ensure!(!status.success(), "{status}");
    let rows = format!("SELECT COUNT(*) FROM entries WHERE body LIKE '%{text}%'");
    ensure!(system.database.value(&rows)? == "1", "it was not committed, so there is nothing to tell");
    drop(pair.writes);
    let wrong = read(&mut pair.reads, text, SHOWN).await;
    // If nobody was told, it is there for whoever asks, so that the failure is one of telling.
    let stored = pair.visitor.entries(&pair.id).await?;
    ensure!(stored.iter().any(|entry| entry["body"]["text"] == text), "lost: {stored:?}");
    Ok(wrong)
}

/// Has the database stand still from before a COMMIT until it has been given up, so that nobody knows its outcome.
///
/// # Errors
/// When it could not be tried.
pub async fn unknown_commit(build: Build<'_>) -> anyhow::Result<Option<String>> {
    let mut stand = Stand::at(Point::AppendCommitBefore, build).await?;
    let mut pair = Pair::come(&stand.system).await?;
    let text = "who knows";
    let client = pair.write(text).await?;
    stand.still().await?;
    let began = Instant::now();
    let answer = pair.writes.expect_where("an answer", FOUND_OUT, |frame| {
        frame["client_msg_id"] == client.as_str() && (frame["type"] == "ack" || frame["type"] == "nack")
    });
    let answer = answer.await?;
    ensure!(answer["type"] == "ack" || answer["code"] == "retry", "{answer}");
    let rows = format!("SELECT COUNT(*) FROM entries WHERE body LIKE '%{text}%'");
    let rows = stand.system.database.value(&rows)?;
    ensure!(rows == "1", "{rows} rows {:?} after the database went on: {answer}", began.elapsed());
    Ok(read(&mut pair.reads, text, SHOWN).await)
}

/// Cuts a node from the database between the COMMIT of an automation's reply and its answer. The router does not know
/// what became of it and offers it again, unless it finds first that it has lost its lock: so this is tried some times.
///
/// # Errors
/// When it could not be tried.
pub async fn unknown_reply(build: Build<'_>) -> anyhow::Result<Option<String>> {
    for _ in 0..OFFERS {
        if let Some(wrong) = Box::pin(unanswered_reply(build)).await? {
            return Ok(Some(wrong));
        }
    }
    Ok(None)
}

async fn unanswered_reply(build: Build<'_>) -> anyhow::Result<Option<String>> {
    let server = MariaDb::shared()?;
    let proxy = Proxy::start(&format!("127.0.0.1:{}", server.port()), 1).await?;
    let setup = Setup::new(Shape::Cluster).on(server).nodes(1).without_nats().detour("node-0", proxy.port());
    let mut stand = Stand::on(setup, Point::ReplyCommitBefore, build).await?;
    let visitor = stand.system.visitor().await?;
    let id = visitor.ask_automation("mat", "who knows").await?;
    stand.await_still().await?;
    proxy.set(Faults { deaf_to_server: true, ..Faults::default() });
    stand.system.process("node-0")?.signal(Signal::Cont)?;
    let rows =
        format!("SELECT COUNT(*) FROM entries WHERE conversation_id = '{id}' AND body LIKE '%mat mat%'");
    let database = stand.system.database.clone();
    let committed = async || Ok((database.value(&rows)? == "1").then_some(()));
    Box::pin(wait::until("the reply in the database", SOON, committed)).await?;
    proxy.heal();
    proxy.cut_all();
    // What is offered again has been offered when that is over.
    tokio::time::sleep(AFTERMATH).await;
    stand.system.until_status("/readyz", 200, FOUND_OUT).await?;
    let texts = visitor.texts(&id, "automation").await?;
    Ok((texts != ["mat mat"]).then(|| format!("applied twice: {texts:?}")))
}

/// A node on a database that can be stopped, which will stand still before a COMMIT.
struct Stand {
    system: System,
    mariadb: Arc<MariaDb>,
}

impl Stand {
    async fn at(point: Point, build: Build<'_>) -> anyhow::Result<Self> {
        Self::on(Setup::new(Shape::Cluster).own_mariadb().without_nats(), point, build).await
    }

    async fn on(setup: Setup, point: Point, build: Build<'_>) -> anyhow::Result<Self> {
        let mut system = build.dress(setup).start().await?;
        let Database::MariaDb(mariadb, _) = system.database.clone() else { bail!("no MariaDB") };
        system.kill("node-0")?;
        let stop = Stop { point, passage: 1, deed: Deed::Freeze };
        system.launch_with("node-0", &[(FAULT_AT, &stop.to_string())])?;
        system.await_ready("node-0").await?;
        Ok(Self { system, mariadb })
    }

    /// Waits until it does.
    async fn await_still(&mut self) -> anyhow::Result<()> {
        let stands = async || Ok(self.system.process("node-0")?.is_stopped().then_some(()));
        Box::pin(wait::until("standing still before COMMIT", SOON, stands)).await?;
        Ok(())
    }

    /// Waits until it does, and lets it send its COMMIT to a database that answers when it has been given up.
    async fn still(&mut self) -> anyhow::Result<()> {
        self.await_still().await?;
        self.mariadb.pause()?;
        self.system.process("node-0")?.signal(Signal::Cont)?;
        tokio::time::sleep(STILL).await;
        self.mariadb.resume()
    }
}
