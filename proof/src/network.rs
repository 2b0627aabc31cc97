//! The network between clients and nodes, and between a node, its bus and its database, is as bad as it gets.

mod behind;
mod churn;
mod hung;
mod slow;

use crate::figures::{COUNTED, Counts};
use crate::plan::Plan;
use crate::report::Section;
use crate::scenario::Scenario;

/// What it is.
pub const SCENARIO: Scenario = Scenario {
    name: "network",
    title: "Bad networks",
    about: "A TCP proxy of the tests stands between clients and nodes, or between one node of a cluster and NATS or \
            MariaDB. *cut*: every connection is cut after a random number of bytes in one direction, half of them by a \
            reset: in the middle of the upgrade, of a frame, of a resume; whoever is cut comes back at once, in a \
            cluster on the other node, and says where it was. *half open*: connections stay and nothing moves; the \
            node has to notice within 45 s of silence (and 5 s in which it looks), and so have the clients. *slow*: \
            readers get a few kilobytes a second while somebody writes much; they are closed with 4008 and have \
            everything once the line is good again. *bus*, *database*: the connections of one node are held up, cut, \
            or hang, while the load goes on on both. In the end every client must have been shown exactly what is \
            stored, in order.",
    run: |plan| Box::pin(run(plan)),
};

/// One part that was tried.
#[derive(Debug, Default)]
struct Tried {
    counts: Counts,
    /// Disconnects, after which as many clients came back.
    comebacks: usize,
    /// What else was measured, and what it has to keep to.
    measured: String,
    goal: String,
}

/// Runs it.
///
/// # Errors
/// When a system cannot be started at all.
pub async fn run(plan: &Plan) -> anyhow::Result<Section> {
    let columns: Vec<&str> = ["fault", "where", "came back and resumed"]
        .into_iter()
        .chain(COUNTED)
        .chain(["measured", "goal", "held"])
        .collect();
    let mut section = Section::new(&columns);
    for (name, place, tried) in parts(plan).await {
        match tried {
            Ok(tried) => {
                let held = if tried.counts.failures.is_empty() { "yes" } else { "**no**" };
                let mut row = vec![name.to_owned(), place.to_owned(), tried.comebacks.to_string()];
                row.extend(tried.counts.cells());
                row.extend([tried.measured, tried.goal, held.to_owned()]);
                section.row(row);
                for failure in tried.counts.failures {
                    section.fail(format!("{name}, {place}: {failure}"));
                }
            }
            Err(error) => {
                switchboard_testkit::process::print_ended();
                section.row([name, place]);
                section.fail(format!("{name}, {place}: {error:#}"));
            }
        }
    }
    Ok(section)
}

async fn parts(plan: &Plan) -> Vec<(&'static str, &'static str, anyhow::Result<Tried>)> {
    let mut all = Vec::new();
    if plan.wants("cut") {
        all.extend(Box::pin(churn::run(plan)).await);
    }
    if plan.wants("half open") {
        all.push(("half open", "one serve", Box::pin(hung::run(plan)).await));
    }
    if plan.wants("slow") {
        all.push(("slow", "one serve", Box::pin(slow::run(plan)).await));
    }
    if plan.wants("bus") {
        all.push(("bus", "one node of two", Box::pin(behind::bus(plan)).await));
    }
    if plan.wants("database") {
        all.push(("database", "one node of two", Box::pin(behind::database(plan)).await));
    }
    all
}
