//! B04: latency at 70 % of the own maximum, whether the queue grows there, and latency against load.

use std::cell::RefCell;

use anyhow::ensure;

use super::Benchmark;
use super::b02::{LINES, STAFF, paces, tended};
use crate::casting;
use crate::driver::bare::{Bare, Over};
use crate::driver::ours::Ours;
use crate::load::{Load, Pace, Sample};
use crate::measurement::{Curve, Goal, Measurement, Outcome, Plot};
use crate::product::{self, Kind};
use crate::rounds::median;
use crate::setting::Setting;

/// Latency at 70 % load.
pub const BENCHMARK: Benchmark = Benchmark { id: "B04", title: "latency at 70 % load", run };

/// Rounds: each is long, with a window for every share.
const ROUNDS: usize = 3;
/// The length of a window, of the usual one.
const WINDOW: f64 = 0.7;
/// Messages per second of light load, as in B03.
const LIGHT: f64 = 100.0;
/// The share of the own maximum that must be borne.
const SHARE: f64 = 0.7;
/// Shares of the own maximum at which latency is drawn.
const SHARES: [f64; 6] = [0.1, 0.3, 0.5, SHARE, 0.8, 0.9];
/// What the p99 at 70 % may be of the p50 at light load.
const GOAL: f64 = 5.0;
/// How much more may be under way at the end of a window than at its beginning, as a share of what was sent in it.
const GROWTH: f64 = 0.01;

fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let window = setting.window.mul_f64(WINDOW);
    let setting = &Setting { rounds: setting.rounds.min(ROUNDS), window, ..setting.clone() };
    let (lines, staff) = (setting.size(LINES, 20), setting.size(STAFF, 2));
    let mariadb = product::mariadb()?;
    let mut systems = Vec::new();
    let kinds = [Kind::InProcess, Kind::Split, Kind::Embedded];
    for kind in kinds.into_iter().take(setting.size(kinds.len(), 1)) {
        let system = product::start(kind, &mariadb)?;
        systems.push((Ours::new(kind, &system), system));
    }
    let bare = Bare::start(Over::MariaDb(mariadb))?;
    let mut loads = Vec::new();
    for (driver, system) in &systems {
        loads.push(RefCell::new(Load::open(driver, casting::cast(system, lines, staff)?)?));
    }
    loads.push(RefCell::new(Load::open(&bare, Bare::cast(lines, staff))?));
    let mut all: Vec<Vec<Rung>> = loads.iter().map(|_| Vec::new()).collect();
    for round in 1..=setting.rounds {
        for (load, rungs) in loads.iter().zip(&mut all) {
            eprintln!("    round {round} of {}: {}", setting.rounds, load.borrow().driver().name());
            rungs.push(tended(&loads, || Rung::measure(setting, &mut load.borrow_mut()))?);
        }
    }
    let mut outcome = Outcome::default();
    for (load, rungs) in loads.iter().zip(&all) {
        let name = load.borrow().driver().name().to_owned();
        if name != bare_name(&bare) {
            judge(&name, rungs, &mut outcome)?;
        }
        draw(&name, rungs, &mut outcome)?;
    }
    Ok(outcome)
}

fn bare_name(bare: &Bare) -> &str {
    use crate::driver::Driver;
    bare.name()
}

/// One round of one system: its maximum, its light load, and shares of the maximum.
struct Rung {
    most: Sample,
    light: Sample,
    shares: Vec<Sample>,
}

impl Rung {
    fn measure(setting: &Setting, load: &mut Load<'_>) -> anyhow::Result<Self> {
        let [pace, _] = paces(setting);
        let most = load.run(setting, pace)?;
        ensure!(most.rate() > 0.0, "nothing comes through");
        let light = load.run(setting, Pace::Open { per_second: LIGHT })?;
        let shares = SHARES.map(|share| load.run(setting, Pace::Open { per_second: most.rate() * share }));
        Ok(Self { most, light, shares: shares.into_iter().collect::<anyhow::Result<_>>()? })
    }

    fn at(&self, share: f64) -> Option<&Sample> {
        SHARES.iter().zip(&self.shares).find(|(known, _)| **known == share).map(|(_, sample)| sample)
    }
}

fn of(rungs: &[Rung], figure: impl Fn(&Rung) -> Option<f64>) -> Vec<f64> {
    rungs.iter().filter_map(figure).collect()
}

fn judge(name: &str, rungs: &[Rung], outcome: &mut Outcome) -> anyhow::Result<()> {
    let middle = |values: Vec<f64>| median(&values).ok_or_else(|| anyhow::anyhow!("no rounds"));
    let p99 = of(rungs, |rung| rung.at(SHARE).map(|sample| sample.delivered.ms(0.99)));
    let light = of(rungs, |rung| Some(rung.light.delivered.ms(0.5)));
    let ratios: Vec<f64> = p99.iter().zip(&light).map(|(p99, light)| p99 / light).collect();
    let most = middle(of(rungs, |rung| Some(rung.most.rate())))?;
    let mut one =
        Measurement::new(format!("{name}, 70 % of {most:.0}/s: p99 to delivery"), "ms", middle(p99)?);
    one.against = Some("its own p50 at 100/s".into());
    (one.theirs, one.ratio, one.pairs) = (Some(middle(light)?), median(&ratios), ratios.len());
    let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    one.spread = Some((least, ratios.iter().copied().fold(0.0, f64::max)));
    outcome.measurements.push(one.goal(Goal::RatioAtMost(GOAL)));
    let growth = of(rungs, |rung| {
        let sample = rung.at(SHARE)?;
        let (before, after) = sample.under_way;
        Some((after as f64 - before as f64) / (sample.done.max(1)) as f64)
    });
    let grown = Measurement::new(
        format!("{name}, 70 %: more under way at the end than at the beginning"),
        "of the messages",
        middle(growth)?.max(0.0),
    );
    outcome.measurements.push(grown.goal(Goal::AtMost(GROWTH)));
    Ok(())
}

fn draw(name: &str, rungs: &[Rung], outcome: &mut Outcome) -> anyhow::Result<()> {
    for (share, words) in [(0.5, "p50"), (0.99, "p99")] {
        let point = |at: usize| {
            let rate = median(&of(rungs, |rung| rung.shares.get(at).map(Sample::rate)))?;
            Some((rate, median(&of(rungs, |rung| Some(rung.shares.get(at)?.delivered.ms(share))))?))
        };
        let light = median(&of(rungs, |rung| Some(rung.light.delivered.ms(share)))).map(|ms| (LIGHT, ms));
        let points = light.into_iter().chain((0..SHARES.len()).filter_map(point)).collect();
        let name = format!("{name}, {words}");
        outcome.curves.push(Curve { plot: Plot::LatencyAgainstLoad, name, points });
    }
    Ok(())
}
