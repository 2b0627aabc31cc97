//! A node that is cut from the database, and from nothing else: its staff sockets are shown nothing after a second.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use switchboard_testkit::proxy::Faults;
use switchboard_testkit::system::Setup;
use switchboard_testkit::{MariaDb, Proxy, Shape, Socket, Staff, System, Visitor, staff::SOON, unique};
use tokio::task::JoinHandle;

use super::tally::middle_and_most;
use crate::faulty::Build;
use crate::report::Section;

/// A lease is good for a second, counted from when it was asked for.
const LEASE: Duration = Duration::from_secs(1);
/// How long what was written in time may be under way on a machine that is busy.
const UNDER_WAY: Duration = Duration::from_millis(250);
/// Without an answer for five seconds the socket is closed; looked at twice a second.
const CLOSED: std::ops::Range<Duration> = Duration::from_secs(4)..Duration::from_secs(9);
/// The visitor writes this often.
const EVERY: Duration = Duration::from_millis(40);
/// How long it is watched before each cut.
const BEFORE: Duration = Duration::from_millis(400);
/// How long everything may take to be well again.
const WELL: Duration = Duration::from_secs(30);
const LIMITS: &str =
    "[limits]\nvisitor_messages_per_s = 0\nvisitor_burst = 0\nvisitor_sessions_per_min = 0\n";

/// What the cuts have shown.
#[derive(Debug, Default)]
pub struct Cut {
    rounds: usize,
    /// Entries shown before each cut, so that it is known that there was something to withhold.
    shown: usize,
    /// Entries that were written while nothing was shown.
    withheld: usize,
    /// From the cut to the last entry that was shown.
    last: Vec<Duration>,
    closed: Vec<Duration>,
    /// What did not hold.
    pub wrong: Vec<String>,
}

impl Cut {
    /// Writes the row.
    pub(super) fn finish(mut self, section: &mut Section) {
        section.row([
            "node cut from the database".to_owned(),
            "cluster".to_owned(),
            "up".to_owned(),
            self.rounds.to_string(),
            self.shown.to_string(),
            self.withheld.to_string(),
            self.wrong.len().to_string(),
            middle_and_most(&mut self.closed),
            if self.wrong.is_empty() { "yes" } else { "**no**" }.to_owned(),
        ]);
        section.note(format!(
            "Cut from the database, a node showed its agent the last entry {} ms (p50 / max) after the cut; its \
             sockets are closed with 1013 after five seconds, and their sessions stay good.",
            middle_and_most(&mut self.last)
        ));
        for what in self.wrong {
            section.fail(format!("cut from the database: {what}"));
        }
    }
}

/// Cuts the second node of a cluster from the database while a visitor of the first one goes on to write.
///
/// # Errors
/// When it could not be tried.
pub async fn node_cut_from_the_database(rounds: usize, build: Build<'_>) -> anyhow::Result<Cut> {
    let mariadb = MariaDb::shared()?;
    let proxy = Arc::new(Proxy::start(&format!("127.0.0.1:{}", mariadb.port()), 1).await?);
    let setup = Setup::new(Shape::Cluster).on(mariadb).configuration(LIMITS).detour("node-1", proxy.port());
    let system = build.dress(setup).start().await?;
    let admin = system.admin().await?;
    let mut agent = system.agent(&admin).await?;
    agent.http = agent.http.at(&system.address(1));
    agent.presence("away").await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("hello").await?;
    agent.act(&id, "claim", json!({})).await?;
    let writing = Writing(tokio::spawn(write(visitor.clone(), id.clone())));
    let mut cut = Cut::default();
    for round in 0..rounds {
        let faults = if round % 2 == 0 { Faults::half_open() } else { Faults::refusing() };
        round_of(&system, &proxy, faults, &agent, &id, &mut cut)
            .await
            .with_context(|| format!("round {round}"))?;
    }
    drop(writing);
    complete(&agent, &visitor, &id).await?;
    Ok(cut)
}

/// Ends with its handle.
struct Writing(JoinHandle<anyhow::Result<()>>);

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn write(visitor: Visitor, id: String) -> anyhow::Result<()> {
    let mut socket = visitor.socket().await?;
    let mut ticks = tokio::time::interval(EVERY);
    for n in 0.. {
        ticks.tick().await;
        let body = json!({ "text": format!("number {n}") });
        let frame =
            json!({ "type": "send", "conversation": id, "client_msg_id": unique("cut"), "body": body });
        socket.send(&frame).await?;
        socket.take();
    }
    Ok(())
}

async fn round_of(
    system: &System,
    proxy: &Proxy,
    faults: Faults,
    agent: &Staff,
    id: &str,
    cut: &mut Cut,
) -> anyhow::Result<()> {
    let mut socket = follow(agent, id).await?;
    let refusing = faults.refuse;
    tokio::time::sleep(BEFORE).await;
    let before = socket.take();
    cut.shown += entries(&before).count();
    let mut seen = entries(&before).map(|(_, frame)| seq(frame)).max().context("nothing to withhold")?;
    proxy.set(faults);
    if refusing {
        proxy.cut_all();
    }
    let at = Instant::now();
    let (mut last, mut late) = (None, 0);
    let closed = loop {
        let waited = tokio::time::timeout(CLOSED.end, socket.arrival()).await;
        ensure!(waited.is_ok(), "still open, and silent, {:?} after the cut", at.elapsed());
        let frames = socket.take();
        for (read, frame) in entries(&frames) {
            seen = seen.max(seq(frame));
            last = Some(read.saturating_duration_since(at));
            late += usize::from(read > at + LEASE + UNDER_WAY);
        }
        if let Some((code, _)) = socket.ended() {
            break (at.elapsed(), code);
        }
        ensure!(at.elapsed() < CLOSED.end * 2, "still open {:?} after the cut", at.elapsed());
    };
    proxy.heal();
    cut.rounds += 1;
    cut.last.extend(last);
    if late > 0 {
        let last = last.unwrap_or_default();
        cut.wrong.push(format!(
            "{late} entries were shown later than {:?} after the cut, the last {last:?}",
            LEASE + UNDER_WAY
        ));
    }
    let (after, code) = closed;
    cut.closed.push(after);
    if code != 1013 || !CLOSED.contains(&after) {
        cut.wrong.push(format!("closed with {code} after {after:?}"));
    }
    let far = switchboard_testkit::Http::new(&system.address(1));
    let well = switchboard_testkit::wait::until("/readyz", WELL, async || {
        let reply = far.raw(http::Method::GET, "/readyz", None).await.ok();
        Ok(reply.filter(|reply| reply.status == 200).map(|_| ()))
    });
    Box::pin(well).await?;
    // The session has outlived all that, and what was withheld is there.
    let head = agent.conversation(id).await?["head"].as_i64().unwrap_or(0);
    cut.withheld += usize::try_from(head - seen).unwrap_or(0);
    follow(agent, id).await.map(drop)
}

/// Opens the agent's socket and waits until it is shown what is written now.
async fn follow(agent: &Staff, id: &str) -> anyhow::Result<Socket> {
    let mut socket = agent.socket().await?;
    let head = agent.conversation(id).await?["head"].as_u64().unwrap_or_default();
    socket
        .expect_where("what is written now", SOON, |frame| {
            frame["type"] == "entry" && frame["entry"]["seq"].as_u64() > Some(head)
        })
        .await?;
    Ok(socket)
}

fn entries(frames: &[(Instant, Value)]) -> impl Iterator<Item = (Instant, &Value)> {
    frames.iter().filter(|(_, frame)| frame["type"] == "entry").map(|(read, frame)| (*read, frame))
}

fn seq(frame: &Value) -> i64 {
    frame["entry"]["seq"].as_i64().unwrap_or_default()
}

/// In the end the agent sees what the visitor sees.
async fn complete(agent: &Staff, visitor: &Visitor, id: &str) -> anyhow::Result<()> {
    let (all, public) = (agent.entries(id).await?, visitor.entries(id).await?);
    ensure!(all == public && all.len() > 2, "{} and {} entries", all.len(), public.len());
    Ok(())
}
