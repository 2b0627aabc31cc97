//! One change of a clock.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use switchboard_testkit::{FakeClock, Http, MariaDb, Socket, Staff, System, Visitor};

use super::Whose;
use crate::load::{Crew, Load, Probe, arrive};

/// The time for a first answer in the team whose agent never answers: the shortest that there is.
pub(super) const ANSWER: Duration = Duration::from_secs(5);
/// How long a conversation is put aside.
pub(super) const SNOOZE: Duration = Duration::from_secs(8);
/// How long a trial goes on after the clock was set: two looks, and a moment.
const LOOKED: Duration = Duration::from_secs(12);
/// A clock that was set reads so much differently, give or take the second in which it is read.
const READS: i64 = 3;
/// How long anything may take before the trial is given up.
const GIVE_UP: Duration = Duration::from_secs(30);

/// What one trial has shown.
#[derive(Debug)]
pub(super) struct Trial {
    /// By how many seconds the clock was set.
    pub(super) by: i64,
    /// Sessions that were not good any more, of staff who were there all the time.
    pub(super) signed_out: usize,
    /// From a new visitor's message to an agent.
    pub(super) given: Duration,
    /// From a new visitor's message to the automation's answer.
    pub(super) answered: Duration,
    /// From the assignment to the way back into the queue.
    pub(super) lapsed: Duration,
    /// From the snooze to its end.
    pub(super) awake: Duration,
    /// Between what passed and what the entries say.
    pub(super) apart: Duration,
}

/// What stands ready for all trials.
pub(super) struct Bench {
    nodes: Vec<Http>,
    server: Option<Arc<MariaDb>>,
    whose: Whose,
    staff: Vec<Staff>,
    /// Who never answers, and the team.
    silent: (Staff, String),
    /// Who puts aside, and the team.
    putting: (Staff, String),
    _consoles: [Socket; 2],
    /// The time of an entry, and when that was.
    first: (Timestamp, Instant),
}

impl Bench {
    pub(super) async fn set_up(
        system: &System,
        server: Option<Arc<MariaDb>>,
        crew: &Crew,
        whose: Whose,
    ) -> anyhow::Result<Self> {
        let (silent, silent_console) = Box::pin(alone(crew, "Silent", ANSWER)).await?;
        let (putting, console) = Box::pin(alone(crew, "Aside", Duration::from_secs(600))).await?;
        let visitor = arrive(&system.http()).await?;
        let id = visitor.ask_people("what time is it?").await?;
        let first = (newest(&visitor, &id).await?, Instant::now());
        let mut staff = crew.agents.clone();
        staff.extend([crew.admin.clone(), silent.0.clone(), putting.0.clone()]);
        let consoles = [silent_console, console];
        let nodes = (0..system.node_count()).map(|n| Http::new(&system.address(n))).collect();
        Ok(Self { nodes, server, whose, staff, silent, putting, _consoles: consoles, first })
    }

    /// Sets the clock from one difference to another and looks what becomes of everything.
    pub(super) async fn trial(
        &self,
        system: &mut System,
        clock: &FakeClock,
        before: i64,
        to: i64,
        load: &mut Load,
        probe: &mut Probe,
    ) -> anyhow::Result<Trial> {
        let (visitor, unanswered) = self.given_to(&self.silent).await?;
        let assigned = Instant::now();
        let (put_aside, aside) = self.given_to(&self.putting).await?;
        let snoozed = self.put_aside(&aside).await?;
        clock.set(to)?;
        let set = Instant::now();
        self.reads(system, before, to).await?;
        let mut signed_out = self.signed_out().await?;
        let answered = Box::pin(probe.answered(load, "mat", &self.nodes, Instant::now())).await?;
        let given = self.asked_people().await?;
        let requeued =
            visitor.until(&unanswered, "the queue again", GIVE_UP, |c| c["owner"]["kind"] == "queue");
        let requeued = async { Box::pin(requeued).await.map(|_| assigned.elapsed()) };
        let open = self.putting.0.until(&aside, "awake", GIVE_UP, |c| c["status"] == "open");
        let open = async { Box::pin(open).await.map(|_| snoozed.elapsed()) };
        let (lapsed, awake) = tokio::join!(requeued, open);
        tokio::time::sleep(LOOKED.saturating_sub(set.elapsed())).await;
        signed_out += self.signed_out().await?;
        for id in [&unanswered, &aside] {
            let path = format!("/visitor/conversations/{id}/resolve");
            let whose = if id == &unanswered { &visitor } else { &put_aside };
            whose.http.post(&path, json!({})).await?.expect(200)?;
        }
        let (said, real) = (newest_of_all(&self.nodes[0]).await?, Instant::now());
        let passed = SignedDuration::try_from(real - self.first.1)?;
        let apart = said.duration_since(self.first.0).checked_sub(passed).context("a time")?.unsigned_abs();
        Ok(Trial { by: to - before, signed_out, given, answered, lapsed: lapsed?, awake: awake?, apart })
    }

    /// Makes sure that the clock is read differently where it was set.
    async fn reads(&self, system: &mut System, before: i64, to: i64) -> anyhow::Result<()> {
        let read = match (self.whose, &self.server) {
            (Whose::Database, Some(server)) => {
                server.sql("", "SELECT UNIX_TIMESTAMP()")?.trim().parse::<i64>()?
            }
            _ => {
                // Whoever signs in is logged, with the time of the process.
                Staff::again(&self.staff[0]).await?;
                logged(&system.process("node-0")?.stderr())?
            }
        };
        let apart = read - right()?;
        ensure!((apart - to).abs() <= READS, "set from {before:+} to {to:+} s, and it reads {apart:+} s");
        Ok(())
    }

    /// A visitor's conversation that this agent was given.
    async fn given_to(&self, (agent, team): &(Staff, String)) -> anyhow::Result<(Visitor, String)> {
        let visitor = arrive(&self.nodes[0]).await?;
        let made = visitor.start(json!({ "team": team }), Some("hello")).await?;
        let id = made["id"].as_str().context("no id")?.to_owned();
        let has = |c: &Value| c["owner"]["id"] == agent.id.as_str();
        visitor.until(&id, "an agent", GIVE_UP, has).await?;
        Ok((visitor, id))
    }

    /// Puts a conversation aside, by the time that its entries tell; answers when that was.
    async fn put_aside(&self, id: &str) -> anyhow::Result<Instant> {
        let agent = &self.putting.0;
        let said = agent.say(id, "one moment").await?;
        let at: Timestamp = said["at"].as_str().context("no time")?.parse()?;
        let until = at.checked_add(SignedDuration::try_from(SNOOZE)?)?;
        let now = Instant::now();
        agent.act(id, "snooze", json!({ "until": until.to_string() })).await?;
        Ok(now)
    }

    /// How many of those who are there all the time are signed in no more.
    async fn signed_out(&self) -> anyhow::Result<usize> {
        let mut out = 0;
        for staff in &self.staff {
            let reply = staff.http.get("/session").await?;
            out += usize::from(reply.status != 200);
        }
        Ok(out)
    }

    /// How long a new visitor waits for an agent.
    async fn asked_people(&self) -> anyhow::Result<Duration> {
        let visitor = arrive(&self.nodes[0]).await?;
        let begun = Instant::now();
        let id = visitor.ask_people("is anybody there?").await?;
        visitor.until(&id, "an agent", GIVE_UP, |c| c["owner"]["kind"] == "agent").await?;
        let took = begun.elapsed();
        visitor.http.post(&format!("/visitor/conversations/{id}/resolve"), json!({})).await?.expect(200)?;
        Ok(took)
    }
}

/// An agent in a team of its own, online at a console, and the console.
async fn alone(crew: &Crew, name: &str, answer: Duration) -> anyhow::Result<((Staff, String), Socket)> {
    let body = json!({ "name": name, "answer_s": answer.as_secs() });
    let made = crew.admin.http.post("/teams", body).await?.expect(201)?;
    let team = made["team"]["id"].as_str().with_context(|| format!("no team in {made}"))?.to_owned();
    let extra = json!({ "teams": [team], "capacity": 100 });
    let agent = Box::pin(crew.admin.make("/agents", extra)).await?;
    let console = agent.online().await?;
    Ok(((agent, team), console))
}

/// The time of a conversation's newest entry.
async fn newest(visitor: &Visitor, id: &str) -> anyhow::Result<Timestamp> {
    let entries = visitor.entries(id).await?;
    let at = entries.last().and_then(|entry| entry["at"].as_str()).context("no entry")?;
    Ok(at.parse()?)
}

/// The time of an entry that is made now.
async fn newest_of_all(http: &Http) -> anyhow::Result<Timestamp> {
    let visitor = arrive(http).await?;
    let id = visitor.ask_people("and what time is it now?").await?;
    let at = newest(&visitor, &id).await?;
    visitor.http.post(&format!("/visitor/conversations/{id}/resolve"), json!({})).await?.expect(200)?;
    Ok(at)
}

/// The time in seconds of the last line of a log.
fn logged(log: &[String]) -> anyhow::Result<i64> {
    let time = |line: &String| line.split_whitespace().next()?.parse::<Timestamp>().ok();
    log.iter().rev().find_map(time).map(Timestamp::as_second).context("nothing was logged")
}

/// The seconds of the machine's clock, as an operator asks for them.
fn right() -> anyhow::Result<i64> {
    let out = std::process::Command::new("date").args(["-u", "+%s"]).output()?;
    Ok(String::from_utf8(out.stdout)?.trim().parse()?)
}
