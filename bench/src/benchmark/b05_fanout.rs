//! B05: one event to a thousand and to ten thousand sockets, twenty times a second.
//!
//! Ours goes to that many sockets of one visitor, all of them following her conversation: the only way in which an
//! event reaches so many, since a conversation has one visitor and few agents. It is stored durably first, which is
//! counted; the others keep nothing.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::ensure;
use hdrhistogram::Histogram;

use super::Benchmark;
use crate::crowd::{Crowd, Way};
use crate::driver::Heard;
use crate::measurement::{Goal, Measurement, Outcome};
use crate::party::Party;
use crate::product;
use crate::rounds::{Contestant, Rounds};
use crate::setting::{Setting, TEXT_BYTES};
use crate::usage::Meter;

/// Fan-out.
pub const BENCHMARK: Benchmark = Benchmark { id: "B05", title: "fan-out to many sockets", run };

/// Events a second.
const RATE: u32 = 20;
/// How long is measured at least: processor time is counted in hundredths of a second.
const WINDOW: Duration = Duration::from_secs(5);
/// How long the last delivery may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The topic of those that have topics.
const TOPIC: &str = "t";

/// What one window gives.
struct Sample {
    deliveries_per_cpu_s: f64,
    cpu_share: f64,
    last_p50_ms: f64,
    last_p99_ms: f64,
}

fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let mut measurements = Vec::new();
    for count in [setting.size(1_000, 50), setting.size(10_000, 200)] {
        measurements.extend(at(setting, count)?);
    }
    Ok(Outcome { measurements, curves: vec![] })
}

fn at(setting: &Setting, count: usize) -> anyhow::Result<Vec<Measurement>> {
    let mariadb = product::mariadb()?;
    let everywhere = |_| TOPIC.to_owned();
    let parties = [
        Party::ours_together(&mariadb, count)?,
        Party::handmade(count, everywhere)?,
        Party::nats(count, everywhere)?,
    ];
    let number = RefCell::new(0);
    let contestants = parties
        .iter()
        .map(|party| Contestant::new(party.name(), || measure(setting, party, &mut number.borrow_mut())))
        .collect();
    let rounds = Rounds::measure(setting, contestants)?;
    let [ours, handmade, nats] = parties.each_ref().map(Party::name);
    let mut measurements = Vec::new();
    for (theirs, goal) in [(handmade, 0.8), (nats, 1.0)] {
        let compared = rounds.compare(ours, theirs, |one| one.deliveries_per_cpu_s)?;
        let what = format!("to {count} sockets, {RATE}/s: deliveries per processor second");
        let mut measurement = Measurement::compared(what, "/s", &compared)
            .goal(Goal::RatioAtLeast(goal))
            .control(rounds.control(|one| one.deliveries_per_cpu_s))
            .durability(parties[0].driver.durability(), "nothing is kept");
        for name in [ours, theirs] {
            for (figure, value) in [
                ("last receiver p50 ms", rounds.median(name, |one| one.last_p50_ms)?),
                ("last receiver p99 ms", rounds.median(name, |one| one.last_p99_ms)?),
                ("share of the core", rounds.median(name, |one| one.cpu_share)?),
            ] {
                measurement = measurement.detail(format!("{name}: {figure}"), value);
            }
        }
        measurements.push(measurement);
    }
    Ok(measurements)
}

/// How often each event has arrived, and the moment at which it should have left.
type Events = HashMap<u64, (usize, Instant)>;

fn measure(setting: &Setting, party: &Party, number: &mut u64) -> anyhow::Result<Sample> {
    let count = party.guests.len();
    let events: RefCell<Events> = RefCell::default();
    let lasts = RefCell::new(Histogram::<u64>::new_with_max(60_000_000, 3)?);
    let mut refused = None;
    let mut ear = |_: usize, heard: Heard<'_>| match heard {
        Heard::Delivered(number) => {
            let mut events = events.borrow_mut();
            if let Some((arrived, left)) = events.get_mut(&number) {
                *arrived += 1;
                if *arrived == count {
                    let micros = u64::try_from(left.elapsed().as_micros()).unwrap_or(u64::MAX);
                    lasts.borrow_mut().saturating_record(micros);
                    events.remove(&number);
                }
            }
        }
        Heard::Refused(words) => refused = Some(String::from_utf8_lossy(words).into_owned()),
        Heard::Acked(_) | Heard::Resumed => {}
    };
    let mut crowd = Crowd::new(&*party.driver, party.who())?;
    crowd.gather(0..count, Way::of, &mut ear)?;
    let text = "x".repeat(TEXT_BYTES);
    let interval = Duration::from_secs(1) / RATE;
    let window = if setting.quick { setting.window } else { setting.window.max(WINDOW) };
    let [warm_up, measured] =
        [setting.warm_up, window].map(|span| u32::try_from(span.as_millis() / interval.as_millis()));
    let (warm_up, measured) = (warm_up?, measured?);
    let mut meter = Meter::start(&party.driver.processes())?;
    let mut began = Instant::now();
    for event in 0..warm_up + measured {
        if event == warm_up {
            crowd.turn_until(began + interval * event, &mut ear)?;
            lasts.borrow_mut().reset();
            meter = Meter::start(&party.driver.processes())?;
            began = Instant::now() - interval * event;
        }
        let leaves = began + interval * event;
        crowd.turn_until(leaves, &mut ear)?;
        *number += 1;
        events.borrow_mut().insert(*number, (0, leaves));
        crowd.send(0, &party.guests[0].conversation, *number, &text, &mut ear);
    }
    crowd.turn_while("the last delivery", PATIENCE, &mut ear, |_| events.borrow().is_empty())?;
    let (cpu, took) = (meter.total()?, began.elapsed() - interval * warm_up);
    let lost = crowd.take_lost().len();
    ensure!(lost == 0, "{lost} connections were lost: {}", crowd.last_end());
    crowd.scatter();
    if let Some(words) = refused {
        anyhow::bail!("{}: {words}", party.name());
    }
    let lasts = lasts.into_inner();
    let ms = |quantile| lasts.value_at_quantile(quantile) as f64 / 1e3;
    let deliveries = f64::from(measured) * count as f64;
    // A moment in a smoke run may be shorter than what the kernel counts.
    let cpu = cpu.max(Duration::from_millis(10));
    Ok(Sample {
        deliveries_per_cpu_s: deliveries / cpu.as_secs_f64(),
        cpu_share: cpu.as_secs_f64() / took.as_secs_f64(),
        last_p50_ms: ms(0.5),
        last_p99_ms: ms(0.99),
    })
}
