//! B02: durable throughput. A message counts when it is acknowledged after its commit and its agent has it.

use std::cell::RefCell;
use std::sync::Arc;

use switchboard_testkit::MariaDb;

use super::Benchmark;
use crate::casting;
use crate::driver::bare::{Bare, Over};
use crate::driver::ours::Ours;
use crate::load::{Load, Pace, Sample};
use crate::measurement::{Goal, Measurement, Outcome};
use crate::party::Party;
use crate::peer::ejabberd;
use crate::product::{self, Kind, MARIADB_DURABILITY};
use crate::raw::mariadb::RawMariaDb;
use crate::raw::nats::RawNats;
use crate::rounds::{Contestant, Rounds};
use crate::setting::Setting;

/// Durable throughput on MariaDB.
pub const BENCHMARK: Benchmark = Benchmark { id: "B02", title: "durable throughput", run };

/// Rows in one statement of MariaDB by itself.
const BULK_ROWS: usize = 1_000;
/// Connections that commit one row at a time.
const SINGLE_CONNECTIONS: usize = 64;
/// Requests under way to NATS by itself.
const REQUESTS: usize = 64;

const BULK: &str = "MariaDB alone, 1 connection × 1,000 rows";
const SINGLE: &str = "MariaDB alone, a commit for each row, 64 connections";
const PEER: &str = "ejabberd, archive on MariaDB";
const BUS: &str = "NATS alone, 64 requests under way";

/// The systems, what each is held against, and what it must reach.
const AGAINST: [(Kind, &[(&str, f64)]); 3] = [
    (Kind::InProcess, &[("bare pipeline on MariaDB", 0.75), (BULK, 0.4), (SINGLE, 1.5), (PEER, 5.0)]),
    (Kind::Networked, &[("bare pipeline on MariaDB and NATS", 0.75)]),
    (Kind::Split, &[("bare pipeline on MariaDB and NATS", 0.75)]),
];

fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let (lines, staff) = (setting.size(LINES, 20), setting.size(STAFF, 2));
    let mariadb = product::mariadb()?;
    let mut systems = Vec::new();
    for (kind, _) in AGAINST {
        let system = product::start(kind, &mariadb)?;
        systems.push((Ours::new(kind, &system), system));
    }
    let bare = [Over::MariaDb(mariadb.clone()), Over::Nats(mariadb.clone())];
    let bare = bare.into_iter().map(Bare::start).collect::<anyhow::Result<Vec<_>>>()?;
    let (raw, bus) = (RawMariaDb::new(&mariadb)?, RawNats::start()?);
    let peer = peer(setting, &mariadb, lines + staff)?;
    let mut loads = Vec::new();
    for (driver, system) in &systems {
        loads.push(RefCell::new(Load::open(driver, casting::cast(system, lines, staff)?)?));
    }
    for driver in &bare {
        loads.push(RefCell::new(Load::open(driver, Bare::cast(lines, staff))?));
    }
    if let Some(peer) = &peer {
        loads.push(RefCell::new(Load::open(peer.driver.as_ref(), peer.cast(lines, staff))?));
    }
    let mut outcome = Outcome::default();
    for pace in paces(setting) {
        let mut contestants = contestants(setting, &loads, pace);
        contestants.push(Contestant::new(BULK, || tended(&loads, || raw.measure(setting, BULK_ROWS, 1))));
        contestants
            .push(Contestant::new(SINGLE, || tended(&loads, || raw.measure(setting, 1, SINGLE_CONNECTIONS))));
        contestants.push(Contestant::new(BUS, || tended(&loads, || bus.measure(setting, REQUESTS))));
        let rounds = Rounds::measure(setting, contestants)?;
        for (kind, against) in AGAINST {
            for (theirs, goal) in against.iter().filter(|(name, _)| peer.is_some() || *name != PEER) {
                outcome.measurements.push(
                    throughput(&rounds, pace, &kind.to_string(), theirs)?
                        .goal(Goal::RatioAtLeast(*goal))
                        .durability(MARIADB_DURABILITY, MARIADB_DURABILITY),
                );
            }
        }
        let split = Kind::Split.to_string();
        let mut of_bus = Measurement::compared(
            format!("{split}, {}: messages", words(pace)),
            "messages/s",
            &rounds.compare(&split, BUS, Sample::rate)?,
        );
        of_bus = of_bus.detail("NATS alone, p50 ms", rounds.median(BUS, |one| one.delivered.ms(0.5))?);
        outcome.measurements.push(of_bus);
    }
    Ok(outcome)
}

/// ejabberd; a smoke run, which `make test` does as well, goes without where it is not installed.
fn peer(setting: &Setting, mariadb: &Arc<MariaDb>, accounts: usize) -> anyhow::Result<Option<Party>> {
    if setting.quick && !ejabberd::is_installed() {
        eprintln!("    {PEER}: not installed, left out of a smoke run");
        return Ok(None);
    }
    Party::ejabberd(mariadb, accounts).map(Some)
}

/// Conversations.
pub(super) const LINES: usize = 1_000;
/// Agents who follow them; more than a few, since one may fall behind by 256 entries at most.
pub(super) const STAFF: usize = 10;

/// The two ways in which the load keeps messages under way.
pub(super) fn paces(setting: &Setting) -> [Pace; 2] {
    [
        Pace::Closed { conversations: setting.size(LINES, 20), each: 1 },
        Pace::Closed { conversations: setting.size(200, 10), each: 8 },
    ]
}

/// A pace in words.
pub(super) fn words(pace: Pace) -> String {
    match pace {
        Pace::Closed { conversations, each } => format!("{conversations} conversations × {each}"),
        Pace::Open { per_second } => format!("{per_second:.0}/s"),
    }
}

/// A contestant for each load; the others' pings are answered after each.
pub(super) fn contestants<'l>(
    setting: &'l Setting,
    loads: &'l [RefCell<Load<'_>>],
    pace: Pace,
) -> Vec<Contestant<'l, Sample>> {
    let name = |load: &RefCell<Load<'_>>| load.borrow().driver().name().to_owned();
    let one = |load: &'l RefCell<Load<'_>>| {
        Contestant::new(name(load), move || tended(loads, || load.borrow_mut().run(setting, pace)))
    };
    loads.iter().map(one).collect()
}

/// Measures, and then answers the pings of all loads, which have waited meanwhile.
pub(super) fn tended<T>(
    loads: &[RefCell<Load<'_>>],
    measure: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let measured = measure()?;
    loads.iter().try_for_each(|load| load.borrow_mut().tend())?;
    Ok(measured)
}

/// Messages per second of one beside another, with what a message costs each.
pub(super) fn throughput(
    rounds: &Rounds<Sample>,
    pace: Pace,
    ours: &str,
    theirs: &str,
) -> anyhow::Result<Measurement> {
    let compared = rounds.compare(ours, theirs, Sample::rate)?;
    let what = format!("{ours}, {}: messages", words(pace));
    let mut one = Measurement::compared(what, "messages/s", &compared).control(rounds.control(Sample::rate));
    for (side, name) in [("ours", ours), ("theirs", theirs)] {
        one = one.detail(format!("CPU µs/message, {side}"), rounds.median(name, Sample::cpu_us)?);
        for part in ["mariadbd", "nats-server"] {
            let used = rounds.median(name, |sample| sample.cpu_us_of(part))?;
            if used > 0.0 {
                one = one.detail(format!("of it {part}, {side}"), used);
            }
        }
        one = one.detail(format!("tested core busy, {side}"), rounds.median(name, Sample::cpu_share)?);
        one = one.detail(format!("p50 ms, {side}"), rounds.median(name, |sample| sample.delivered.ms(0.5))?);
        one = one.detail(format!("p99 ms, {side}"), rounds.median(name, |sample| sample.delivered.ms(0.99))?);
    }
    Ok(one)
}
