//! Every point before and after a commit, a telling and an acknowledgement: the process is ended there, and frozen
//! there, under load.

mod block;
mod offline;
mod silence;
mod tally;

use anyhow::Context;
use switchboard_faults::{Deed, Home, Point, Stop};
use switchboard_testkit::Shape;

use crate::faulty::{self, Build};
use crate::plan::Plan;
use crate::report::Section;
use crate::scenario::Scenario;
use block::Stage;
use tally::Tallies;

pub use block::struck;
pub use silence::{told_by_nobody, unknown_commit, unknown_reply};

/// What it is.
pub const SCENARIO: Scenario = Scenario {
    name: "failpoints",
    title: "Fail points",
    about: "The program is built with named points before and after each commit, telling, answer and \
            acknowledgement. Under the usual load a part is started with one of them armed: at its first, fourth and \
            seventeenth passage the process ends as after SIGKILL, at its second it stands still for a while as after \
            SIGSTOP. Then the part is started again (or thawed), the load comes to rest, and everything that clients \
            did and saw is compared with what is stored. A point that is not passed is a failure of this proof. The \
            steps of a migration, the commands `epoch rotate` and `restore`, a commit whose outcome nobody knows, and \
            one that nobody was told of are tried each in a way of its own.",
    run: |plan| Box::pin(run(plan)),
};

/// Passages at which a process ends, at full length.
const PASSAGES: [u64; 3] = [1, 4, 17];
/// The passage at which it stands still.
const FROZEN: u64 = 2;
/// What is struck at short length.
const SHORT: [(Shape, &[&str]); 2] = [
    (
        Shape::Embedded,
        &["append.commit.before:2", "append.commit.after:3", "tell.before:2", "ack.write.before:2"],
    ),
    (Shape::Split, &["append.commit.after:2", "bus.answer.before:40", "reply.apply.before:2"]),
];

const COLUMNS: [&str; 9] =
    ["point", "when", "ended", "frozen", "acked", "lost", "doubled", "out of order", "otherwise wrong"];

/// Runs it.
///
/// # Errors
/// When the program cannot be built, or a system cannot be started at all.
pub async fn run(plan: &Plan) -> anyhow::Result<Section> {
    let faulty = faulty::build().await?;
    let build = Build::Faulty(&faulty.program, None);
    let mut tallies = Tallies::default();
    for shape in plan.shapes(&[Shape::Embedded, Shape::Cluster, Shape::Split]) {
        let blocks: Vec<Vec<Stop>> = plan.pick(short(shape), full(shape));
        let blocks: Vec<Vec<Stop>> = blocks
            .into_iter()
            .map(|stops| stops.into_iter().filter(|stop| plan.wants(stop.point.name())).collect::<Vec<_>>())
            .filter(|stops| !stops.is_empty())
            .collect();
        let mut stage: Option<Stage> = None;
        for (number, stops) in blocks.iter().enumerate() {
            let mut fresh = match stage.take() {
                Some(stage) => stage,
                None => Box::pin(Stage::set(shape, build)).await.with_context(|| format!("{shape:?}"))?,
            };
            let seed = plan.seed ^ (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            match Box::pin(fresh.strike(stops, seed, &mut tallies)).await {
                Ok(()) => stage = Some(fresh),
                // What is left of that system proves nothing more; the next block gets another one.
                Err(error) => {
                    fresh.print_logs();
                    tallies.fail(stops, &format!("in {shape:?}: {error:#}"));
                }
            }
        }
    }
    Box::pin(offline::run(plan, build, &mut tallies)).await?;
    Box::pin(silence::run(plan, build, &mut tallies)).await?;
    let mut section = Section::new(&COLUMNS);
    tallies.finish(&mut section);
    Ok(section)
}

/// One block a shape, a few points in it.
fn short(shape: Shape) -> Vec<Vec<Stop>> {
    let texts = SHORT.iter().filter(|(own, _)| *own == shape).map(|(_, texts)| *texts);
    texts.map(|texts| texts.iter().filter_map(|text| text.parse().ok()).collect()).collect()
}

/// One block for each point that is passed under load in this shape.
fn full(shape: Shape) -> Vec<Vec<Stop>> {
    let passed = |point: &Point| match point.home() {
        Home::Dbmgr => !offline::is_first_start(*point),
        Home::Router | Home::Web | Home::Automation => true,
        Home::Answering => shape == Shape::Split,
        Home::Command => false,
    };
    let stops = |point: Point| {
        let end = |passage| Stop { point, passage, deed: Deed::End };
        let freeze = Stop { point, passage: FROZEN, deed: Deed::Freeze };
        if is_once(point) {
            return vec![end(1)];
        }
        PASSAGES.into_iter().map(end).chain([freeze]).collect()
    };
    Point::ALL.into_iter().filter(passed).map(stops).collect()
}

/// Whether it is passed once in a while only: at each start, or every ten seconds.
fn is_once(point: Point) -> bool {
    use Point::{StartCommitAfter, StartCommitBefore, TouchCommitAfter, TouchCommitBefore};
    matches!(point, StartCommitBefore | StartCommitAfter | TouchCommitBefore | TouchCommitAfter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_point_is_struck_somewhere() {
        let shapes = [Shape::Embedded, Shape::Cluster, Shape::Split];
        let under_load = shapes.into_iter().flat_map(full).flatten().map(|stop| stop.point);
        let struck: BTreeSet<Point> = under_load.chain(offline::POINTS).collect();
        let missing: Vec<&str> =
            Point::ALL.into_iter().filter(|point| !struck.contains(point)).map(Point::name).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn the_short_list_is_spelt_right() {
        for (shape, texts) in SHORT {
            assert_eq!(short(shape)[0].len(), texts.len(), "{shape:?}");
        }
    }
}
