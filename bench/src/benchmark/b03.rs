//! B03: latency at light load, in both directions: visitors to their agents and agents to their visitors.

use std::cell::RefCell;

use super::Benchmark;
use super::b02::{LINES, STAFF, contestants, words};
use crate::casting;
use crate::driver::bare::{Bare, Over};
use crate::driver::ours::Ours;
use crate::load::{Load, Pace, Sample};
use crate::measurement::{Goal, Measurement, Outcome};
use crate::product::{self, Kind};
use crate::rounds::Rounds;
use crate::setting::Setting;

/// Latency at light load.
pub const BENCHMARK: Benchmark = Benchmark { id: "B03", title: "latency at light load", run };

/// Messages per second, and how much longer than usual a window is: a percentile wants many messages.
const RATES: [(f64, f64); 2] = [(100.0, 2.0), (1_000.0, 1.0)];
/// p50 and p99, and what they may be of the bare pipeline's.
const SHARES: [(f64, &str, f64); 2] = [(0.5, "p50", 1.5), (0.99, "p99", 2.0)];

const PAIRS: [(Kind, &str); 4] = [
    (Kind::InProcess, "bare pipeline on MariaDB"),
    (Kind::Networked, "bare pipeline on MariaDB and NATS"),
    (Kind::Split, "bare pipeline on MariaDB and NATS"),
    (Kind::Embedded, "bare pipeline on SQLite"),
];

fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let (lines, staff) = (setting.size(LINES, 20), setting.size(STAFF, 2));
    let mariadb = product::mariadb()?;
    let mut systems = Vec::new();
    let pairs = PAIRS.get(..setting.size(PAIRS.len(), 1)).unwrap_or_default();
    for (kind, _) in pairs.iter().copied() {
        let system = product::start(kind, &mariadb)?;
        systems.push((Ours::new(kind, &system), system));
    }
    let bare = [Over::MariaDb(mariadb.clone()), Over::Nats(mariadb), Over::Sqlite];
    let bare = bare.into_iter().map(Bare::start).collect::<anyhow::Result<Vec<_>>>()?;
    let mut loads = Vec::new();
    for (driver, system) in &systems {
        loads.push(RefCell::new(Load::open(driver, casting::cast(system, lines, staff)?)?));
    }
    for driver in &bare {
        loads.push(RefCell::new(Load::open(driver, Bare::cast(lines, staff))?));
    }
    let mut outcome = Outcome::default();
    for (per_second, longer) in RATES {
        let setting = &Setting { window: setting.window.mul_f64(longer), ..setting.clone() };
        let pace = Pace::Open { per_second };
        let rounds = Rounds::measure(setting, contestants(setting, &loads, pace))?;
        for (kind, bare) in pairs.iter().copied() {
            for (share, name, goal) in SHARES {
                let figure = move |sample: &Sample| sample.delivered.ms(share);
                let compared = rounds.compare(&kind.to_string(), bare, figure)?;
                let what = format!("{kind}, {}: {name} to delivery", words(pace));
                let durability = kind.durability();
                let mut one = Measurement::compared(what, "ms", &compared)
                    .goal(Goal::RatioAtMost(goal))
                    .control(rounds.control(figure))
                    .durability(durability, durability);
                for (side, who) in [("ours", kind.to_string()), ("theirs", bare.to_owned())] {
                    let acked = rounds.median(&who, |sample| sample.acked.ms(share))?;
                    one = one
                        .detail(format!("{name} ms to the ack, {side}"), acked)
                        .detail(format!("CPU µs/message, {side}"), rounds.median(&who, Sample::cpu_us)?);
                }
                outcome.measurements.push(one);
            }
        }
    }
    Ok(outcome)
}
