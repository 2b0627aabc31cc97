//! B14: one in a hundred of five thousand sockets stops reading while it is written to.
//!
//! Everybody is a visitor of an own conversation. Most get a message now and then, whose way back to them is measured;
//! one in a hundred is written to twenty times a second by the visitor's other device, and half of the time does not
//! read a byte of it, not even pings. The same load with and without that takes turns.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::ensure;
use hdrhistogram::Histogram;

use super::Benchmark;
use crate::crowd::{Crowd, Way};
use crate::driver::Heard;
use crate::measurement::{Goal, Measurement, Outcome};
use crate::party::{Party, With};
use crate::product;
use crate::rounds::{Contestant, Rounds};
use crate::setting::{Setting, TEXT_BYTES};
use crate::usage;

/// Sockets that do not read.
pub const BENCHMARK: Benchmark = Benchmark { id: "B14", title: "stalled readers", run };

/// One of so many stops reading.
const ONE_IN: usize = 100;
/// Messages of a second to everybody else, together.
const RATE: u32 = 500;
/// Messages of a second to each of those who stop.
const STALLED_RATE: u32 = 20;
/// How long is measured: long enough to fill what may wait for a socket, and to close it.
const WINDOW: Duration = Duration::from_secs(30);
/// How much may wait in the client's system, in bytes: little, so that the server's side fills.
const RECEIVE_BUFFER: usize = 4 * 1024;
/// How often memory is read.
const LOOK_EVERY: Duration = Duration::from_millis(250);
const KIB: f64 = 1024.0;

/// What one window gives.
#[derive(Debug)]
struct Sample {
    p50_ms: f64,
    p99_ms: f64,
    /// The most that the process was, and what it was when everybody was there.
    peak_kib: f64,
    before_kib: f64,
    /// The same of what the system keeps for connections, of the whole machine.
    kernel_kib: f64,
    closed: usize,
}

fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let count = setting.size(5_000, 200);
    let stalled = count / ONE_IN;
    let mariadb = product::mariadb()?;
    let party = Party::ours(&mariadb, count, With::People)?;
    let number = RefCell::new(0);
    let visit = |stalls: bool| measure(setting, &party, stalled, stalls, &mut number.borrow_mut());
    // What its allocator has taken once stays with the process: the first time does not count.
    visit(true)?;
    let (with, without) = ("with stalled readers", "without");
    let contestants = vec![Contestant::new(without, || visit(false)), Contestant::new(with, || visit(true))];
    let rounds = Rounds::measure(setting, contestants)?;
    let compared = rounds.compare(with, without, |one| one.p99_ms)?;
    let name = format!("{count} sockets, {stalled} of them do not read");
    let latency = Measurement::compared(format!("{name}: the others' p99"), "ms", &compared)
        .goal(Goal::RatioAtMost(1.2))
        .control(rounds.control(|one| one.p99_ms))
        .detail("p50 ms", rounds.median(with, |one| one.p50_ms)?)
        .detail("without: p50 ms", rounds.median(without, |one| one.p50_ms)?)
        .detail("closed as too slow", rounds.median(with, |one| one.closed as f64)?);
    let grown = |name, figure: fn(&Sample) -> f64| -> anyhow::Result<f64> { rounds.median(name, figure) };
    let process = |one: &Sample| one.peak_kib - one.before_kib;
    let kernel = |one: &Sample| one.kernel_kib;
    let each = |figure| -> anyhow::Result<f64> {
        Ok((grown(with, figure)? - grown(without, figure)?).max(0.0) / stalled as f64)
    };
    let memory = Measurement::new(format!("{name}: memory for each of these"), "KiB", each(process)?)
        .goal(Goal::AtMost(256.0))
        .detail("kernel KiB for each of these", each(kernel)?);
    Ok(Outcome { measurements: vec![latency, memory], curves: vec![] })
}

fn measure(
    setting: &Setting,
    party: &Party,
    stalled: usize,
    stalls: bool,
    number: &mut u64,
) -> anyhow::Result<Sample> {
    let count = party.guests.len();
    let under_way: RefCell<HashMap<u64, Instant>> = RefCell::default();
    let latencies = RefCell::new(Histogram::<u64>::new_with_max(60_000_000, 3)?);
    let refused = RefCell::new(None);
    let mut ear = |who: usize, heard: Heard<'_>| match heard {
        Heard::Delivered(number) => {
            if let Some(left) = under_way.borrow_mut().remove(&number) {
                let micros = u64::try_from(left.elapsed().as_micros()).unwrap_or(u64::MAX);
                latencies.borrow_mut().saturating_record(micros);
            }
        }
        Heard::Refused(words) if who >= stalled => {
            refused.borrow_mut().get_or_insert_with(|| String::from_utf8_lossy(words).into_owned());
        }
        Heard::Refused(_) | Heard::Acked(_) | Heard::Resumed => {}
    };
    // The first ones are those who stop; behind all of them come their other devices.
    let mut who = party.who();
    who.extend_from_within(..stalled);
    let mut crowd = Crowd::new(&*party.driver, who)?;
    let way = |n: usize| Way { receive_buffer: (n < stalled).then_some(RECEIVE_BUFFER), ..Way::of(n) };
    crowd.gather(0..count + stalled, way, &mut ear)?;
    let window = if setting.quick { setting.window } else { WINDOW };
    let text = "x".repeat(TEXT_BYTES);

    crowd.turn_until(Instant::now() + setting.warm_up, &mut ear)?;
    let (before, kernel_before) = (usage::resident(party.pid)?, kernel_pages()?);
    let (mut peak, mut kernel) = (before, kernel_before);
    if stalls {
        (0..stalled).for_each(|n| crowd.pause(n));
    }
    let began = Instant::now();
    let mut others = Ticks::new(began, RATE);
    let mut written = Ticks::new(began, STALLED_RATE * u32::try_from(stalled)?);
    let mut look = began;
    while began.elapsed() < window {
        let now = Instant::now();
        while let Some((n, due)) = others.due(now) {
            let who = stalled + n % (count - stalled);
            *number += 1;
            under_way.borrow_mut().insert(*number, due);
            crowd.send(who, &party.guests[who].conversation, *number, &text, &mut ear);
        }
        while let Some((n, _)) = written.due(now) {
            let who = n % stalled;
            *number += 1;
            crowd.send(count + who, &party.guests[who].conversation, *number, &text, &mut ear);
        }
        if look <= now {
            look = now + LOOK_EVERY;
            (peak, kernel) = (peak.max(usage::resident(party.pid)?), kernel.max(kernel_pages()?));
        }
        crowd.turn(Duration::ZERO, &mut ear)?;
    }
    crowd.turn_while("what is under way", WINDOW, &mut ear, |_| under_way.borrow().is_empty())?;
    ensure!(refused.borrow().is_none(), "{:?}", refused.borrow());
    // A client that does not read does not hear that it is closed, either.
    if stalls {
        (0..stalled).try_for_each(|n| crowd.go_on(n))?;
        crowd.turn_until(Instant::now() + setting.warm_up, &mut ear)?;
    }
    let lost = crowd.take_lost();
    ensure!(lost.iter().all(|who| *who < stalled), "somebody who reads was lost: {}", crowd.last_end());
    crowd.scatter();
    let latencies = latencies.into_inner();
    let ms = |quantile| latencies.value_at_quantile(quantile) as f64 / 1e3;
    Ok(Sample {
        p50_ms: ms(0.5),
        p99_ms: ms(0.99),
        peak_kib: peak as f64 / KIB,
        before_kib: before as f64 / KIB,
        kernel_kib: kernel.saturating_sub(kernel_before) as f64 * PAGE_KIB,
        closed: lost.len(),
    })
}

/// Times that come so often a second.
struct Ticks {
    began: Instant,
    every: Duration,
    count: u32,
}

impl Ticks {
    fn new(began: Instant, per_second: u32) -> Self {
        Self { began, every: Duration::from_secs(1) / per_second.max(1), count: 0 }
    }

    /// The next one that should have been by now.
    fn due(&mut self, now: Instant) -> Option<(usize, Instant)> {
        let due = self.began + self.every * self.count;
        if due > now {
            return None;
        }
        self.count += 1;
        usize::try_from(self.count - 1).ok().map(|n| (n, due))
    }
}

/// What [`kernel_pages`] counts, in KiB.
const PAGE_KIB: f64 = 4.0;

/// What the system keeps for all TCP connections of the machine, in pages.
fn kernel_pages() -> anyhow::Result<u64> {
    const WHERE: &str = "/proc/net/sockstat";
    let text = std::fs::read_to_string(WHERE)?;
    let line = text.lines().find(|line| line.starts_with("TCP:")).unwrap_or_default();
    let pages = line.split_once(" mem ").and_then(|(_, rest)| rest.trim().parse().ok());
    Ok(pages.unwrap_or_default())
}
