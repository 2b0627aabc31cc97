//! Some strikes under one load, and the check.

use std::os::unix::process::ExitStatusExt as _;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::json;
use switchboard_faults::{Deed, FAULT_AT, Home, Point, Stop};
use switchboard_testkit::system::Setup;
use switchboard_testkit::{Http, Shape, Signal, System, Visitor, staff::SOON, unique, wait};
use tokio::task::JoinSet;

use super::tally::Tallies;
use crate::faulty::Build;
use crate::load::{Crew, Load, Mix};
use crate::record;

/// Agents who answer.
const AGENTS: usize = 2;
/// Few, because a build for finding faults is slow.
const MIX: Mix = Mix { people: 3, mat: 1, chat: 1 };
/// How long the load goes on before and between strikes.
const GOES_ON: Duration = Duration::from_millis(300);
/// How long it may take until a point is passed: uses of sessions are written every ten seconds.
const PASSED: Duration = Duration::from_secs(40);
/// How long what stands still does so.
const FROZEN: Duration = Duration::from_millis(1_500);
/// A dead node has let go of the router lock, and another one has taken it, after so long.
const LETS_GO: Duration = Duration::from_secs(5);
/// From one call of somebody to the next.
const CALLS: Duration = Duration::from_millis(100);
/// How often it is looked whether a process has ended or stands still.
const LOOK: Duration = Duration::from_millis(5);
/// What SIGABRT ends with: the program ends itself by it.
const ABORT: i32 = 6;
/// Makes every session look as if it had not been used for two minutes.
const AGE_SESSIONS: &str = "UPDATE sessions SET last_seen_at = last_seen_at - 120000";
/// How often that is done.
const AGE_EVERY: Duration = Duration::from_secs(3);
/// Violations that are told in words.
const TOLD: usize = 3;

/// A system and its staff.
pub(super) struct Stage {
    system: System,
    crew: Crew,
    turns: usize,
}

impl Stage {
    pub(super) async fn set(shape: Shape, build: Build<'_>) -> anyhow::Result<Self> {
        let system = build.dress(Setup::new(shape)).start().await?;
        let crew = Box::pin(Crew::hire(&system, AGENTS)).await?;
        Ok(Self { system, crew, turns: 0 })
    }

    /// Strikes all of these, one after the other, under one load.
    pub(super) async fn strike(
        &mut self,
        stops: &[Stop],
        seed: u64,
        tallies: &mut Tallies,
    ) -> anyhow::Result<()> {
        let load = Box::pin(Load::start(&self.system, &self.crew, MIX, seed)).await?;
        let calling = self.call_besides().await?;
        for stop in stops {
            tokio::time::sleep(GOES_ON).await;
            Box::pin(self.one(stop)).await.with_context(|| format!("at {stop}"))?;
            tallies.struck(stop);
        }
        drop(calling);
        tokio::time::sleep(GOES_ON).await;
        let verdict = Box::pin(load.settle()).await?;
        tallies.verdict(stops, &verdict);
        if !verdict.violations.is_empty() {
            let point = stops.first().map_or("none", |stop| stop.point.name());
            let name = format!("failpoints-{:?}-{point}-{seed}.json", self.system.shape);
            let kept = record::keep(&name, &serde_json::to_string_pretty(&verdict)?)?;
            let told: Vec<String> = verdict.violations.iter().take(TOLD).map(ToString::to_string).collect();
            let count = verdict.violations.len();
            let told = told.join("; ");
            tallies.fail(
                stops,
                &format!(
                    "in {:?}: {count} violations, kept in {}: {told}",
                    self.system.shape,
                    kept.display()
                ),
            );
            self.print_logs();
        }
        Ok(())
    }

    /// Who talks makes few calls: on each node a visitor changes a name, and the admin looks who she is, again and again,
    /// whatever becomes of it. Without the latter nobody of the staff may be on a node that has just come back, and
    /// no use of a session is written there.
    async fn call_besides(&self) -> anyhow::Result<JoinSet<()>> {
        let mut calling = JoinSet::new();
        for node in 0..self.system.node_count() {
            let visitor = Visitor::arrive(&Http::new(&self.system.address(node))).await?;
            let admin = self.crew.admin.http.clone().at(&self.system.address(node));
            calling.spawn(async move {
                loop {
                    // Whoever is answered by nobody tries again.
                    let _ = visitor.http.post("/visitor/session", json!({ "name": unique("name") })).await;
                    let _ = admin.get("/session").await;
                    tokio::time::sleep(CALLS).await;
                }
            });
        }
        Ok(calling)
    }

    /// Starts a part with the point armed, waits until it is passed, and brings the part back.
    async fn one(&mut self, stop: &Stop) -> anyhow::Result<()> {
        let part = self.part(stop.point)?;
        self.system.kill(&part)?;
        self.system.launch_with(&part, &[(FAULT_AT, &stop.to_string())])?;
        self.make_router(&part, stop.point).await?;
        self.until_passed(&part, stop).await?;
        match stop.deed {
            Deed::End => self.system.launch(&part)?,
            Deed::Freeze => {
                tokio::time::sleep(FROZEN).await;
                self.system.process(&part)?.signal(Signal::Cont)?;
            }
        }
        self.system.await_ready(&part).await
    }

    async fn until_passed(&mut self, part: &str, stop: &Stop) -> anyhow::Result<()> {
        let began = Instant::now();
        let database = self.system.database.clone();
        let process = self.system.process(part)?;
        let touches = matches!(stop.point, Point::TouchCommitBefore | Point::TouchCommitAfter);
        let mut aged = None;
        loop {
            // Again and again: the other node may be the one that writes a use, and then it is fresh.
            if touches && aged.is_none_or(|at: Instant| at.elapsed() > AGE_EVERY) {
                database.sql(AGE_SESSIONS)?;
                aged = Some(Instant::now());
            }
            let passed = match stop.deed {
                Deed::End => match process.ended() {
                    None => false,
                    Some(status) => {
                        ensure!(status.signal() == Some(ABORT), "{part} ended with {status}");
                        true
                    }
                },
                Deed::Freeze => process.is_stopped(),
            };
            if passed {
                let word = format!("{FAULT_AT}={stop}");
                // Its last words may still be on their way when it has ended.
                let said = wait::until("its word", SOON, async || {
                    Ok(process.stderr().iter().any(|line| line.contains(&word)).then_some(()))
                });
                return Box::pin(said).await.context("not because of the point").map(drop);
            }
            if began.elapsed() > PASSED {
                bail!("{part} has not passed it within {PASSED:?}");
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Of several nodes, only the one that routes passes some points: the others let go of the router lock.
    async fn make_router(&mut self, part: &str, point: Point) -> anyhow::Result<()> {
        if point.home() != Home::Router {
            return Ok(());
        }
        for other in self.system.part_names().into_iter().filter(|other| other != part) {
            if other.starts_with("node-") {
                self.system.kill(&other)?;
                tokio::time::sleep(LETS_GO).await;
                self.system.restart(&other).await?;
            }
        }
        Ok(())
    }

    /// The process that passes the point; in a cluster one node after the other.
    fn part(&mut self, point: Point) -> anyhow::Result<String> {
        self.turns += 1;
        Ok(match (self.system.shape, point.home()) {
            (Shape::Embedded, _) => "node-0".to_owned(),
            (Shape::Cluster, _) => format!("node-{}", self.turns % 2),
            (Shape::Split, Home::Dbmgr | Home::Router | Home::Answering) => "dbmgr".to_owned(),
            (Shape::Split, Home::Web) => "web".to_owned(),
            (Shape::Split, Home::Automation) => ["mat", "chat"][self.turns % 2].to_owned(),
            (Shape::Split, Home::Command) => bail!("no part passes {}", point.name()),
        })
    }

    /// What the parts said last, to the terminal.
    pub(super) fn print_logs(&mut self) {
        for name in self.system.part_names() {
            if let Ok(process) = self.system.process(&name) {
                eprintln!("=== {name}\n{}", process.last_words());
            }
        }
        switchboard_testkit::process::print_ended();
    }
}

/// Strikes these once, in a program that may be broken; what did not hold, if something did not.
///
/// # Errors
/// When it could not be tried.
pub async fn struck(shape: Shape, stops: &[Stop], build: Build<'_>) -> anyhow::Result<Option<String>> {
    let mut stage = Box::pin(Stage::set(shape, build)).await?;
    let load = Box::pin(Load::start(&stage.system, &stage.crew, MIX, 1)).await?;
    for stop in stops {
        tokio::time::sleep(GOES_ON).await;
        Box::pin(stage.one(stop)).await.with_context(|| format!("at {stop}"))?;
    }
    let verdict = Box::pin(load.settle()).await?;
    Ok(verdict.violations.first().map(ToString::to_string))
}
