//! B01: ten thousand visitors who are signed in, follow a conversation, and say nothing.
//!
//! Every system pings each of them every 20 seconds. Memory is the process's resident memory less what it was before
//! anybody came; ejabberd shrinks its idle connections after a while, so it is read at the end of the quiet minute.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::Benchmark;
use crate::crowd::{Crowd, Way};
use crate::driver::Heard;
use crate::measurement::{Curve, Goal, Measurement, Outcome, Plot};
use crate::party::{Party, With};
use crate::product;
use crate::setting::Setting;
use crate::usage::{self, Meter};

/// Idle connections.
pub const BENCHMARK: Benchmark = Benchmark { id: "B01", title: "idle connections", run };

/// How long nobody says anything.
const QUIET: Duration = Duration::from_secs(60);
/// How long a system rests before its memory is read.
const REST: Duration = Duration::from_secs(5);
const KIB: f64 = 1024.0;
const MIB: f64 = 1024.0 * 1024.0;

/// What one system gives.
struct Sample {
    kib: f64,
    proportional_kib: f64,
    cpu_ms_per_s: f64,
    /// Statements in a second with everybody there, and of those the ones that were not there before.
    statements: Option<(f64, f64)>,
    curve: Vec<(f64, f64)>,
}

/// Starts somebody to compare with.
type Start<'a> = Box<dyn Fn() -> anyhow::Result<Party> + 'a>;

fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let count = setting.size(10_000, 200);
    let steps: Vec<usize> = [10, 5, 2, 1].iter().map(|part| count / part).collect();
    let mariadb = product::mariadb()?;
    let topic = |n| format!("t{n}");
    let ours = visit(setting, &Party::ours(&mariadb, count, With::Automation)?, &steps)?;
    let mut measurements = vec![];
    let mut curves = vec![curve("Switchboard", &ours)];
    let what = format!("{count} visitors, quiet: resident memory each");
    let parties: [(&str, Start<'_>, Option<Goal>); 3] = [
        ("ejabberd", Box::new(|| Party::ejabberd(&mariadb, count)), Some(Goal::RatioAtMost(0.5))),
        ("NATS over WebSocket", Box::new(|| Party::nats(count, topic)), None),
        ("hand-made server", Box::new(|| Party::handmade(count, topic)), None),
    ];
    let own = Measurement::new(&what, "KiB", ours.kib).goal(Goal::AtMost(8.0));
    measurements.push(details(own, "", &ours));
    for (name, start, goal) in parties {
        let theirs = visit(setting, &start()?, &steps)?;
        let mut measurement = Measurement::new(&what, "KiB", ours.kib);
        measurement.against = Some(name.into());
        measurement.theirs = Some(theirs.kib);
        measurement.ratio = Some(ours.kib / theirs.kib);
        measurement.pairs = 1;
        if let Some(goal) = goal {
            measurement = measurement.goal(goal);
        }
        measurements.push(details(measurement, name, &theirs));
        curves.push(curve(name, &theirs));
    }
    let (all, caused) = ours.statements.context("Switchboard has a database")?;
    let what = format!("{count} visitors, quiet: database statements");
    measurements.push(
        Measurement::new(format!("{what} caused by them"), "/s", caused).goal(Goal::AtMost(CAUSED_AT_MOST)),
    );
    measurements.push(Measurement::new(format!("{what} in all"), "/s", all).goal(Goal::AtMost(2.0)));
    Ok(Outcome { measurements, curves })
}

/// What counts as none: the program's own few statements a second, counted twice over a minute, do not give the same.
const CAUSED_AT_MOST: f64 = 0.1;

fn details(mut measurement: Measurement, name: &str, sample: &Sample) -> Measurement {
    let prefix = if name.is_empty() { String::new() } else { format!("{name}: ") };
    let cpu = sample.cpu_ms_per_s;
    measurement = measurement
        .detail(format!("{prefix}proportional (PSS) KiB each"), sample.proportional_kib)
        .detail(format!("{prefix}processor ms/s, database included"), cpu);
    if let Some((all, caused)) = sample.statements {
        measurement = measurement
            .detail(format!("{prefix}statements/s"), all)
            .detail(format!("{prefix}statements/s caused by the connections"), caused);
    }
    measurement
}

fn curve(name: &str, sample: &Sample) -> Curve {
    Curve { plot: Plot::MemoryAgainstConnections, name: name.into(), points: sample.curve.clone() }
}

fn visit(setting: &Setting, party: &Party, steps: &[usize]) -> anyhow::Result<Sample> {
    let (quiet, rest) = if setting.quick { (setting.window, setting.warm_up) } else { (QUIET, REST) };
    let mut ear = |_: usize, _: Heard<'_>| {};
    let mut crowd = Crowd::new(&*party.driver, party.who())?;
    let all = party.guests.len();
    eprintln!("    {}: nobody is here for {quiet:?}", party.name());
    std::thread::sleep(rest);
    let alone = statements(party, || {
        std::thread::sleep(quiet);
        Ok(())
    })?;
    let (before, proportional_before) = (usage::resident(party.pid)?, usage::proportional(party.pid)?);
    let mut curve = vec![(0.0, before as f64 / MIB)];
    let mut from = 0;
    for step in steps {
        crowd.gather(from..*step, Way::of, &mut ear)?;
        from = *step;
        crowd.turn_until(Instant::now() + rest, &mut ear)?;
        let mib = usage::resident(party.pid)? as f64 / MIB;
        eprintln!("    {}: {step} are here, {mib:.0} MiB", party.name());
        curve.push((*step as f64, mib));
    }
    let meter = Meter::start(&party.driver.processes())?;
    let together = statements(party, || crowd.turn_until(Instant::now() + quiet, &mut ear))?;
    let cpu = meter.total()?;
    ensure!(crowd.here() == all, "{} of {all} are still here: {}", crowd.here(), crowd.last_end());
    let each = |now: u64, before: u64| now.saturating_sub(before) as f64 / KIB / all as f64;
    let seconds = quiet.as_secs_f64();
    Ok(Sample {
        kib: each(usage::resident(party.pid)?, before),
        proportional_kib: each(usage::proportional(party.pid)?, proportional_before),
        cpu_ms_per_s: cpu.as_secs_f64() * 1e3 / seconds,
        statements: alone.zip(together).map(|(alone, together)| {
            let [alone, together] = [alone, together].map(|count| count as f64 / seconds);
            (together, (together - alone).max(0.0))
        }),
        curve,
    })
}

/// Counts the statements of the party's database while something goes on.
fn statements(party: &Party, what: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Option<u64>> {
    let counting = party.statements()?;
    what()?;
    counting.map(|statements| statements.count()).transpose()
}
