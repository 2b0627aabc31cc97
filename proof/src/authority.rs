//! Agents who go on at full speed while they are deactivated: nothing of theirs is committed afterwards.

mod case;
mod cut;
mod racer;
mod tally;
mod wave;
mod way;

use anyhow::Context;

use crate::faulty::Build;
use crate::plan::Plan;
use crate::report::Section;
use crate::scenario::Scenario;
use case::{CASES, Case};
use tally::Tally;

pub use cut::{Cut, node_cut_from_the_database};
pub use way::{BusIs, Way};

/// What it is.
pub const SCENARIO: Scenario = Scenario {
    name: "authority",
    title: "Authority",
    about: "Agents write 200 messages and notes a second each, on their sockets, while they are deactivated by the \
            program, by an UPDATE of their row, or deleted by SQL, with the bus up, killed, and frozen. What counts as \
            *after* is the order of commits, not of clocks. By SQL one transaction changes the row, which waits for \
            every transaction that has the row in share mode, counts the agent's entries, and commits: whatever is \
            there later and was not counted, was committed after the deactivation. By the program the deactivation \
            puts the agent's conversation back into the queue in the same transaction, and that entry has a number: \
            whatever of the agent's comes behind it was committed after it; and nothing may come that was not there \
            when the answer was. *Sent after* counts what the agents wrote when the deactivation was known to be \
            committed. *Closed* is counted from the moment before the statement or call was sent until the close frame. \
            In the last rows a node is cut from the database, and from nothing else, while the visitor goes on to write \
            by way of another node: its agent's socket is shown nothing that was written more than a second after the cut.",
    run: |plan| Box::pin(run(plan)),
};

/// Rounds of each case at short length, and at full length; an agent's deactivation is one.
const ROUNDS: (usize, usize) = (4, 90);
/// Rounds in which a node is cut from the database.
const CUTS: (usize, usize) = (1, 10);
/// Agents who race at a time.
const PER_WAVE: (usize, usize) = (4, 10);

const COLUMNS: [&str; 9] = [
    "how",
    "shape",
    "bus",
    "rounds",
    "entries before",
    "sent after",
    "entries after",
    "closed, ms: p50 / max",
    "held",
];

/// Runs it: all cases, then the cuts.
///
/// # Errors
/// When a system cannot be started at all.
pub async fn run(plan: &Plan) -> anyhow::Result<Section> {
    let mut section = Section::new(&COLUMNS);
    let mut dice = fastrand::Rng::with_seed(plan.seed);
    let shapes = plan.shapes(&[
        switchboard_testkit::Shape::Embedded,
        switchboard_testkit::Shape::Cluster,
        switchboard_testkit::Shape::Split,
    ]);
    let at_short = |case: &Case| case.short || plan.scale == crate::Scale::Full || plan.part.is_some();
    let wanted = |case: &&Case| shapes.contains(&case.shape) && plan.wants(case.name()) && at_short(case);
    let mut rounds = 0;
    for case in CASES.iter().filter(wanted) {
        let count = plan.cycles(ROUNDS.0, ROUNDS.1);
        let per_wave = plan.pick(PER_WAVE.0, PER_WAVE.1).min(count.max(1));
        let tally = Box::pin(race(case, count, per_wave, Build::Shipped, &mut dice)).await;
        let tally = tally.with_context(|| format!("{} in {:?}", case.name(), case.shape))?;
        rounds += tally.rounds;
        tally.finish(case, &mut section);
    }
    if plan.wants("cut") && shapes.contains(&switchboard_testkit::Shape::Cluster) {
        let cut = Box::pin(node_cut_from_the_database(plan.cycles(CUTS.0, CUTS.1), Build::Shipped)).await?;
        cut.finish(&mut section);
    }
    section.note(format!("{rounds} agents were deactivated or deleted while they wrote."));
    Ok(section)
}

/// Races of one case, one system.
///
/// # Errors
/// When something cannot be set up.
async fn race(
    case: &Case,
    rounds: usize,
    per_wave: usize,
    build: Build<'_>,
    dice: &mut fastrand::Rng,
) -> anyhow::Result<Tally> {
    let mut stage = Box::pin(wave::Stage::set(case, per_wave, build)).await?;
    let mut tally = Tally::default();
    while tally.rounds < rounds {
        let count = per_wave.min(rounds - tally.rounds);
        Box::pin(stage.wave(case, count, dice, &mut tally)).await?;
    }
    Ok(tally)
}

/// A few rounds of one case against a program that may be broken; what did not hold, if something did not.
///
/// # Errors
/// When it could not be tried.
pub async fn briefly(
    shape: switchboard_testkit::Shape,
    way: Way,
    build: Build<'_>,
) -> anyhow::Result<Option<String>> {
    let case = Case { shape, way, bus: BusIs::Up, short: true };
    let tally = Box::pin(race(&case, ROUNDS.0, ROUNDS.0, build, &mut fastrand::Rng::with_seed(1))).await?;
    Ok(tally.wrong().into_iter().next())
}
