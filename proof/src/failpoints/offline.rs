//! Points that are passed by an empty database and by commands, each tried in a way of its own.

use std::os::unix::process::ExitStatusExt as _;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::Value;
use switchboard_faults::{Deed, FAULT_AT, Point, Stop};
use switchboard_testkit::system::Setup;
use switchboard_testkit::{Done, Shape, System, Visitor};

use super::tally::Tallies;
use crate::faulty::Build;
use crate::plan::{Plan, Scale};

/// All that are tried here.
pub(super) const POINTS: [Point; 8] = [
    Point::MigrateStepBefore,
    Point::MigrateStepAfter,
    Point::MigrateCommitBefore,
    Point::MigrateCommitAfter,
    Point::EpochCommitBefore,
    Point::EpochCommitAfter,
    Point::RestoreCommitBefore,
    Point::RestoreCommitAfter,
];
/// Steps of the schema.
const STEPS: u64 = 3;
/// How long a process may take to end at its point.
const ENDED: Duration = Duration::from_secs(30);
/// How long an automation may take to answer: the sign that all is well.
const ANSWER: Duration = Duration::from_secs(20);
/// SIGABRT.
const ABORT: i32 = 6;
const COPY: &str = "copy.db";

/// Whether it is passed by the first start on an empty database only.
pub(super) fn is_first_start(point: Point) -> bool {
    POINTS[..4].contains(&point)
}

/// Tries all that are wanted.
pub(super) async fn run(plan: &Plan, build: Build<'_>, tallies: &mut Tallies) -> anyhow::Result<()> {
    for shape in plan.shapes(&[Shape::Embedded, Shape::Cluster]) {
        for stop in first_starts(shape) {
            let wanted = plan.wants(stop.point.name()) && (plan.scale == Scale::Full || plan.part.is_some());
            if wanted {
                Box::pin(first_start(shape, &stop, build))
                    .await
                    .with_context(|| format!("{shape:?} at {stop}"))?;
                tallies.struck(&stop);
            }
        }
    }
    let commands = &POINTS[4..];
    if plan.shapes(&[Shape::Embedded]).is_empty() || !commands.iter().any(|point| plan.wants(point.name())) {
        return Ok(());
    }
    if plan.scale == Scale::Full || plan.part.is_some() {
        Box::pin(epoch(build, tallies)).await.context("epoch rotate")?;
        Box::pin(restore(build, tallies)).await.context("restore")?;
    }
    Ok(())
}

fn first_starts(shape: Shape) -> Vec<Stop> {
    let end = |point, passage| Stop { point, passage, deed: Deed::End };
    let steps = (1..=STEPS)
        .flat_map(|step| [end(Point::MigrateStepBefore, step), end(Point::MigrateStepAfter, step)]);
    // MySQL commits each statement that changes the schema by itself.
    let commits = [end(Point::MigrateCommitBefore, 1), end(Point::MigrateCommitAfter, 1)];
    steps.chain(commits.into_iter().filter(|_| shape == Shape::Embedded)).collect()
}

/// The first start ends at a point; the next one goes on from there, and all is well.
async fn first_start(shape: Shape, stop: &Stop, build: Build<'_>) -> anyhow::Result<()> {
    let mut system = build.dress(Setup::new(shape).nodes(1)).prepare()?;
    system.launch_with("node-0", &[(FAULT_AT, &stop.to_string())])?;
    let status = system.process("node-0")?.wait(ENDED)?;
    ensure!(status.signal() == Some(ABORT), "ended with {status}");
    system.restart("node-0").await?;
    works(&system).await
}

/// Somebody can come, write, and is answered.
async fn works(system: &System) -> anyhow::Result<()> {
    let visitor = system.visitor().await?;
    let id = visitor.ask_automation("mat", "does it work?").await?;
    let said = visitor.until_texts(&id, "automation", 1, ANSWER).await?;
    ensure!(said == ["mat mat mat?"], "{said:?}");
    Ok(())
}

fn ended_at(done: &Done, stop: &Stop) -> anyhow::Result<()> {
    let word = format!("{FAULT_AT}={stop}");
    ensure!(done.code == -1 && done.stderr.contains(&word), "{}: {}{}", done.code, done.stdout, done.stderr);
    Ok(())
}

/// The command is ended at each of its points beside a running server, and then run to its end.
async fn epoch(build: Build<'_>, tallies: &mut Tallies) -> anyhow::Result<()> {
    let system = build.dress(Setup::new(Shape::Embedded)).start().await?;
    let read = || system.database.value("SELECT value FROM meta WHERE name = 'epoch'");
    for (point, changes) in [(Point::EpochCommitBefore, false), (Point::EpochCommitAfter, true)] {
        let stop = Stop { point, passage: 1, deed: Deed::End };
        let before = read()?;
        ended_at(&system.program(&["epoch", "rotate"]).env(FAULT_AT, stop.to_string()).run("")?, &stop)?;
        ensure!((read()? != before) == changes, "{stop}: the epoch was {before} and is {}", read()?);
        let again = system.command(&["epoch", "rotate"])?;
        ensure!(again.ok()?.trim() == read()?, "{}", again.stdout);
        works(&system).await?;
        tallies.struck(&stop);
    }
    Ok(())
}

/// The command is ended before the copy is in place: the database is still the one that it was. Then it is run to its
/// end, and the copy is in place.
async fn restore(build: Build<'_>, tallies: &mut Tallies) -> anyhow::Result<()> {
    let mut system = build.dress(Setup::new(Shape::Embedded)).start().await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("in the copy").await?;
    system.command(&["backup", COPY])?.ok()?;
    let copied = visitor.entries(&id).await?;
    visitor.say(&id, "not in the copy").await?;
    let whole = visitor.entries(&id).await?;
    for point in [Point::RestoreCommitBefore, Point::RestoreCommitAfter] {
        let stop = Stop { point, passage: 1, deed: Deed::End };
        system.kill("node-0")?;
        ended_at(&system.program(&["restore", COPY]).env(FAULT_AT, stop.to_string()).run("")?, &stop)?;
        system.restart("node-0").await?;
        same(&visitor, &id, &whole).await.with_context(|| stop.to_string())?;
        tallies.struck(&stop);
    }
    system.kill("node-0")?;
    system.command(&["restore", COPY])?.ok()?;
    system.restart("node-0").await?;
    same(&visitor, &id, &copied).await?;
    works(&system).await
}

async fn same(visitor: &Visitor, id: &str, expected: &[Value]) -> anyhow::Result<()> {
    let entries = visitor.entries(id).await?;
    ensure!(entries == expected, "{} entries instead of {}", entries.len(), expected.len());
    Ok(())
}
