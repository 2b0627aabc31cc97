//! B02s: durable throughput of one `serve` on its SQLite file.

use std::cell::RefCell;

use super::Benchmark;
use super::b02::{LINES, STAFF, contestants, paces, tended, throughput, words};
use crate::casting;
use crate::driver::bare::{Bare, Over};
use crate::driver::ours::Ours;
use crate::load::{Load, Sample};
use crate::measurement::{Goal, Measurement, Outcome};
use crate::product::{self, Kind, SQLITE_DURABILITY};
use crate::raw::sqlite::RawSqlite;
use crate::rounds::{Contestant, Rounds};
use crate::setting::Setting;

/// Durable throughput on SQLite.
pub const BENCHMARK: Benchmark = Benchmark { id: "B02s", title: "durable throughput, embedded", run };

/// Rows in one commit of SQLite by itself.
const BULK_ROWS: usize = 1_000;
const BULK: &str = "SQLite alone, 1,000 rows in a commit";

fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let (lines, staff) = (setting.size(LINES, 20), setting.size(STAFF, 2));
    let system = product::embedded()?;
    let (ours, bare) = (Ours::new(Kind::Embedded, &system), Bare::start(Over::Sqlite)?);
    let raw = RawSqlite::new()?;
    let loads = [
        RefCell::new(Load::open(&ours, casting::cast(&system, lines, staff)?)?),
        RefCell::new(Load::open(&bare, Bare::cast(lines, staff))?),
    ];
    let mut outcome = Outcome::default();
    for pace in paces(setting) {
        let mut contestants = contestants(setting, &loads, pace);
        contestants.push(Contestant::new(BULK, || tended(&loads, || raw.measure(setting, BULK_ROWS))));
        let rounds = Rounds::measure(setting, contestants)?;
        let (ours, bare) = (Kind::Embedded.to_string(), "bare pipeline on SQLite");
        outcome.measurements.push(
            throughput(&rounds, pace, &ours, bare)?
                .goal(Goal::RatioAtLeast(0.75))
                .durability(SQLITE_DURABILITY, SQLITE_DURABILITY),
        );
        let alone = rounds.compare(&ours, BULK, Sample::rate)?;
        let what = format!("{ours}, {}: messages", words(pace));
        outcome.measurements.push(Measurement::compared(what, "messages/s", &alone));
    }
    Ok(outcome)
}
