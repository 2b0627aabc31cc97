//! Some agents at a time: each writes into a conversation of its own, and each is deactivated at a moment of its own.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use switchboard_testkit::system::Setup;
use switchboard_testkit::{Http, Socket, Staff, System, Visitor};
use tokio::task::JoinSet;

use super::case::Case;
use super::racer::{Raced, Racer};
use super::tally::Tally;
use super::way::{self, BusIs, Done, Way};
use crate::faulty::Build;

/// Nobody is held up by a limit: what is tried is whether a deactivation holds, at any rate.
const LIMITS: &str = "[limits]\nvisitor_messages_per_s = 0\nvisitor_burst = 0\nagent_messages_per_s = 0\n\
                      visitor_sessions_per_min = 0\nvisitor_sessions_burst = 0\nsockets_per_address = 0\n";
/// How long an agent writes before it is deactivated, in milliseconds.
const AFTER_MS: std::ops::Range<u64> = 100..700;
/// What was sent before the socket was closed may still be under way for so long.
const QUIET: Duration = Duration::from_millis(400);
/// How long a system may take to be well again when its bus is back.
const WELL: Duration = Duration::from_secs(30);

/// A system with an admin and agents, between two waves.
pub(super) struct Stage {
    system: System,
    admin: Staff,
    visitor: Visitor,
    agents: Vec<Staff>,
}

/// A race that is about to begin.
struct Start {
    racer: Racer,
    own: String,
    lobby: String,
    agent: String,
}

impl Stage {
    pub(super) async fn set(case: &Case, agents: usize, build: Build<'_>) -> anyhow::Result<Self> {
        let setup = Setup::new(case.shape).configuration(LIMITS);
        let system = build.dress(setup).start().await?;
        let admin = system.admin().await?;
        let visitor = system.visitor().await?;
        let mut stage = Self { system, admin, visitor, agents: Vec::new() };
        for _ in 0..agents {
            let agent = stage.system.agent(&stage.admin).await?;
            stage.agents.push(agent);
        }
        Ok(stage)
    }

    /// One wave of `count` agents.
    pub(super) async fn wave(
        &mut self,
        case: &Case,
        count: usize,
        dice: &mut fastrand::Rng,
        tally: &mut Tally,
    ) -> anyhow::Result<()> {
        let lobby = self.visitor.ask_people("a place where everybody writes notes").await?;
        let mut starts = Vec::new();
        for n in 0..count {
            starts.push(self.start(n, &lobby).await?);
        }
        self.disturb(case.bus)?;
        let mut races = JoinSet::new();
        for start in starts {
            let (database, admin) = (self.system.database.clone(), self.admin_at(dice));
            let (way, wait) = (case.way, Duration::from_millis(dice.u64(AFTER_MS)));
            races.spawn(async move {
                let racing = tokio::spawn(start.racer.run());
                tokio::time::sleep(wait).await;
                let conversations = [start.own.as_str(), start.lobby.as_str()];
                let done = way.carry_out(&database, &admin, &start.agent, &conversations).await?;
                let raced = racing.await??;
                tokio::time::sleep(QUIET).await;
                let entries = way::entries(&database, &start.agent, &conversations).await?;
                anyhow::Ok((start.agent, start.own, done, raced, entries))
            });
        }
        let mut owned = Vec::new();
        while let Some(raced) = races.join_next().await {
            let (agent, own, done, raced, entries) = raced??;
            count_up(tally, &done, &raced, entries);
            owned.push((agent, own));
        }
        self.settle(case.bus).await?;
        for (agent, own) in &owned {
            self.look_behind(case.way, agent, own, tally).await?;
            self.resolve(own).await?;
        }
        self.resolve(&lobby).await?;
        self.bring_back(case.way, count).await
    }

    /// An agent with a conversation of its own and an open socket.
    async fn start(&self, n: usize, lobby: &str) -> anyhow::Result<Start> {
        let mut staff = self.agents.get(n).context("no such agent")?.clone();
        staff.http = staff.http.at(&self.system.address(n % self.system.node_count()));
        // Away: may claim, and is given nothing unasked.
        staff.presence("away").await?;
        let own = self.visitor.ask_people("an own one").await?;
        staff.act(&own, "claim", json!({})).await?;
        let socket: Socket = staff.socket().await?;
        let agent = staff.id.clone();
        let racer = Racer { staff, socket, own: own.clone(), lobby: lobby.to_owned() };
        Ok(Start { racer, own, lobby: lobby.to_owned(), agent })
    }

    /// The admin, at any node.
    fn admin_at(&self, dice: &mut fastrand::Rng) -> Staff {
        let mut admin = self.admin.clone();
        admin.http = admin.http.at(&self.system.address(dice.usize(0..self.system.node_count())));
        admin
    }

    fn disturb(&self, bus: BusIs) -> anyhow::Result<()> {
        match (bus, &self.system.nats) {
            (BusIs::Up, _) => Ok(()),
            (BusIs::Killed, Some(nats)) => nats.kill(),
            (BusIs::Frozen, Some(nats)) => nats.pause(),
            (_, None) => anyhow::bail!("no bus to disturb"),
        }
    }

    async fn settle(&self, bus: BusIs) -> anyhow::Result<()> {
        match (bus, &self.system.nats) {
            (BusIs::Killed, Some(nats)) => nats.restart()?,
            (BusIs::Frozen, Some(nats)) => nats.resume()?,
            _ => return Ok(()),
        }
        for n in 0..self.system.node_count() {
            let http = Http::new(&self.system.address(n));
            let well = switchboard_testkit::wait::until("/readyz", WELL, async || {
                let reply = http.raw(http::Method::GET, "/readyz", None).await.ok();
                Ok(reply.filter(|reply| reply.status == 200).map(|_| ()))
            });
            Box::pin(well).await?;
        }
        Ok(())
    }

    /// The program deactivates and requeues in one transaction: nothing of the agent's has a higher number.
    async fn look_behind(&self, way: Way, agent: &str, own: &str, tally: &mut Tally) -> anyhow::Result<()> {
        if way != Way::Program {
            return Ok(());
        }
        let sql = format!(
            "SELECT COUNT(*) FROM entries WHERE conversation_id = '{own}' AND author_id = '{agent}' AND seq > \
             (SELECT MAX(seq) FROM entries WHERE conversation_id = '{own}' AND kind = 'event' \
             AND body LIKE '%requeued%')"
        );
        let behind: u64 = way::sql(&self.system.database, sql).await?.trim().parse()?;
        tally.after += behind;
        let requeued = format!(
            "SELECT COUNT(*) FROM entries WHERE conversation_id = '{own}' AND kind = 'event' AND body LIKE '%requeued%'"
        );
        let requeued = way::sql(&self.system.database, requeued).await?;
        ensure!(requeued.trim() == "1", "put back into the queue {requeued} times: {own}");
        Ok(())
    }

    async fn resolve(&self, conversation: &str) -> anyhow::Result<()> {
        let path = format!("/visitor/conversations/{conversation}/resolve");
        self.visitor.http.post(&path, json!({})).await?.expect(200).map(drop)
    }

    /// The agents of the next wave: the same ones with new sessions, or new ones.
    async fn bring_back(&mut self, way: Way, count: usize) -> anyhow::Result<()> {
        for n in 0..count {
            let agent = self.agents[n].clone();
            self.agents[n] = match way {
                Way::Gone => self.system.agent(&self.admin).await?,
                Way::Row | Way::Program => {
                    let path = format!("/agents/{}", agent.id);
                    let back: Value =
                        self.admin.http.patch(&path, json!({ "active": true })).await?.expect(200)?;
                    ensure!(back["account"]["active"] == true, "{back}");
                    agent.again().await?
                }
            };
        }
        Ok(())
    }
}

fn count_up(tally: &mut Tally, done: &Done, raced: &Raced, entries: u64) {
    tally.rounds += 1;
    tally.before += done.entries;
    tally.after += entries.saturating_sub(done.entries);
    // Over HTTP it was tried when the socket was closed, which is after.
    tally.sent_after += raced.sent.iter().filter(|at| **at > done.known).count() + raced.answers.len();
    match raced.closed {
        Some((at, 4003)) => tally.closed.push(at.saturating_duration_since(done.asked)),
        Some((_, code)) => tally.faults.push(format!("a socket was closed with {code}")),
        None => tally.faults.push("a socket was never closed".into()),
    }
    if raced.answers.iter().any(|status| *status != 401) {
        tally.faults.push(format!("answered over HTTP afterwards: {:?}", raced.answers));
    }
    if entries < done.entries {
        tally.faults.push(format!("{} entries became {entries}", done.entries));
    }
}

#[cfg(test)]
mod tests {
    use super::super::case::CASES;
    use super::*;
    use switchboard_testkit::Shape;

    #[test]
    fn only_what_has_a_bus_is_disturbed() {
        assert!(CASES.iter().all(|case| case.bus == BusIs::Up || case.shape == Shape::Cluster));
        assert!(CASES.iter().filter(|case| case.short).count() >= 3);
    }
}
