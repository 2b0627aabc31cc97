//! B13: what an operation costs while the database grows from ten thousand to ten million messages: a message that is
//! written, a page of a conversation of ten thousand, the first rows of the inbox.
//!
//! The sizes stand side by side, a program and a database each on one server, and are measured in turn, so that each is
//! held against the smallest under the same circumstances.

use std::cell::RefCell;

use anyhow::Context;

use super::Benchmark;
use super::b02::{LINES, STAFF, contestants, paces};
use super::b07_history::{PAGE, WARM_UP, contestant, same};
use crate::archive::{self, Archive};
use crate::casting;
use crate::driver::ours::Ours;
use crate::driver::{Reads, Shelf};
use crate::load::{Load, Sample};
use crate::measurement::{Goal, Measurement, Outcome};
use crate::product::{Kind, MARIADB_DURABILITY};
use crate::rounds::Rounds;
use crate::setting::Setting;

/// What an operation costs while the database grows.
pub const BENCHMARK: Benchmark = Benchmark { id: "B13", title: "growth", run };

/// The length of a window, of the usual one: processor time is counted in hundredths of a second.
const WINDOW: f64 = 0.5;
/// What the largest may cost, of the smallest's.
const WRITES: f64 = 1.3;
/// The same of reads.
const READS: f64 = 1.2;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
enum Page {
    History,
    List(Shelf),
}

const PAGES: [(Page, &str); 3] = [
    (Page::History, "a page of history"),
    (Page::List(Shelf::Queue), "a page of those that wait"),
    (Page::List(Shelf::Resolved), "a page of the resolved"),
];

fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let window = setting.window.mul_f64(WINDOW);
    let setting = &Setting { window, ..setting.clone() };
    let mut archives = Vec::new();
    for n in 0..archive::SIZES.len() {
        archives.push(setting.cellar.take(setting, archive::size(setting, n))?);
    }
    let measured = measure(setting, &archives);
    archives.into_iter().try_for_each(|archive| setting.cellar.put(archive))?;
    measured
}

fn measure(setting: &Setting, archives: &[Archive]) -> anyhow::Result<Outcome> {
    let (lines, staff) = (setting.size(LINES, 20), setting.size(STAFF, 2));
    let ours = |archive: &Archive| {
        Ours::new(Kind::InProcess, &archive.system).called(format!("{} messages", archive.plan.messages))
    };
    let ours: Vec<Ours> = archives.iter().map(ours).collect();
    let (mut loads, mut agents) = (Vec::new(), Vec::new());
    for (archive, driver) in archives.iter().zip(&ours) {
        let cast = casting::cast(&archive.system, lines, staff)?;
        agents.push(casting::first_agent(&archive.system, &cast)?);
        loads.push(RefCell::new(Load::open(driver, cast)?));
    }
    let mut outcome = Outcome::default();
    let [pace, _] = paces(setting);
    let writes = Rounds::measure(setting, contestants(setting, &loads, pace))?;
    for one in judge(&ours, "a message written", &writes, WRITES)? {
        outcome.measurements.push(one.durability(MARIADB_DURABILITY, MARIADB_DURABILITY));
    }
    let reading = &Setting { warm_up: setting.warm_up.min(WARM_UP), ..setting.clone() };
    for (page, what) in PAGES {
        let mut asking = Vec::new();
        for ((archive, ours), agent) in archives.iter().zip(&ours).zip(&agents) {
            let ask = match page {
                Page::History => {
                    let middle = archive.plan.talk as u64 / 2;
                    ours.history(agent, &archive.plan.long(), Some(middle), PAGE)
                }
                Page::List(shelf) => ours.inbox(agent, shelf, PAGE),
            };
            same(std::slice::from_ref(&ask), PAGE)?;
            asking.push(contestant(reading, &loads, Reads::name(ours).to_owned(), ours, &ask));
        }
        outcome.measurements.extend(judge(&ours, what, &Rounds::measure(reading, asking)?, READS)?);
    }
    Ok(outcome)
}

/// What an operation costs at each size beside the smallest; the largest has the goal.
fn judge(ours: &[Ours], what: &str, rounds: &Rounds<Sample>, goal: f64) -> anyhow::Result<Vec<Measurement>> {
    let names: Vec<&str> = ours.iter().map(Reads::name).collect();
    let (smallest, larger) = names.split_first().context("no sizes")?;
    let mut measurements = Vec::new();
    for (n, name) in larger.iter().enumerate() {
        let compared = rounds.compare(name, smallest, Sample::cpu_us)?;
        let mut one = Measurement::compared(format!("{name}, {what}"), "CPU µs", &compared)
            .control(rounds.control(Sample::cpu_us))
            .detail("of it mariadbd", rounds.median(name, |one| one.cpu_us_of("mariadbd"))?)
            .detail("operations/s", rounds.median(name, Sample::rate)?)
            .detail("p50 ms", rounds.median(name, |one| one.delivered.ms(0.5))?)
            .detail("p99 ms", rounds.median(name, |one| one.delivered.ms(0.99))?);
        if n + 1 == larger.len() {
            one = one.goal(Goal::RatioAtMost(goal));
        }
        measurements.push(one);
    }
    Ok(measurements)
}
