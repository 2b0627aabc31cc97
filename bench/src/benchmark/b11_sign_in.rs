//! B11: signing in with a password, as fast as it goes, beside comparing passwords by itself on the same core; what
//! messages feel of it; and visitors who arrive.

use std::cell::RefCell;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context, anyhow};
use serde_json::json;
use switchboard_testkit::System;

use super::Benchmark;
use super::b02::{LINES, STAFF, tended};
use crate::asker::{self, Asker};
use crate::casting;
use crate::driver::ours::Ours;
use crate::driver::{Ask, Driver};
use crate::load::{Latencies, Load, Pace, Sample};
use crate::measurement::{Goal, Measurement, Outcome};
use crate::product::{self, Kind, block_on};
use crate::raw::argon;
use crate::rounds::{Contestant, Rounds};
use crate::setting::Setting;
use crate::usage::{Counted, Meter};

/// Signing in and arriving.
pub const BENCHMARK: Benchmark = Benchmark { id: "B11", title: "sign-in", run };

/// Sign-ins under way at a time, each of an account of its own.
const SIGNING_IN: usize = 8;
/// Visitors who arrive at a time.
const ARRIVING: usize = 16;
/// Messages per second meanwhile: light load, as in B03.
const LIGHT: f64 = 100.0;
/// How much longer than usual a window with messages is: a percentile wants many.
const LONGER: f64 = 1.5;

const RAW: &str = "comparing passwords alone, on one core";
const SIGN_IN: &str = "Switchboard on MariaDB, sign-ins";
const ARRIVE: &str = "Switchboard on MariaDB, visitors arriving";
const ALONE: &str = "messages, nobody signs in";
const MEANWHILE: &str = "messages, sign-ins flat out meanwhile";

fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let (lines, staff) = (setting.size(LINES / 10, 20), setting.size(STAFF, 2));
    let mariadb = product::mariadb()?;
    let system = product::start(Kind::InProcess, &mariadb)?;
    let driver = Ours::new(Kind::InProcess, &system);
    let processes = driver.processes();
    let sign_ins = sign_ins(&system)?;
    let arrival = asker::post(&ask(&system, "/visitor/session"), "{}");
    let arrivals = vec![arrival; ARRIVING];
    let loads = [RefCell::new(Load::open(&driver, casting::cast(&system, lines, staff)?)?)];
    let longer = &Setting { window: setting.window.mul_f64(LONGER), ..setting.clone() };
    let pace = Pace::Open { per_second: LIGHT };
    let address = system.address(0);
    let flat_out =
        |requests: &[Vec<u8>]| tended(&loads, || flat_out(setting, &address, requests, &processes));
    let light = || loads[0].borrow_mut().run(longer, pace);
    let rounds = Rounds::measure(
        setting,
        vec![
            Contestant::new(SIGN_IN, || flat_out(&sign_ins)),
            Contestant::new(RAW, || tended(&loads, || argon::measure(setting))),
            Contestant::new(ARRIVE, || flat_out(&arrivals)),
            Contestant::new(ALONE, || tended(&loads, light)),
            Contestant::new(MEANWHILE, || tended(&loads, || beside(&address, &sign_ins, light))),
        ],
    )?;
    Ok(Outcome { measurements: judge(&rounds)?, curves: vec![] })
}

fn judge(rounds: &Rounds<Sample>) -> anyhow::Result<Vec<Measurement>> {
    let compared = rounds.compare(SIGN_IN, RAW, Sample::rate)?;
    let sign_ins = Measurement::compared(SIGN_IN, "/s", &compared)
        .goal(Goal::RatioAtLeast(0.9))
        .control(rounds.control(Sample::rate))
        .detail("CPU ms each", rounds.median(SIGN_IN, Sample::cpu_us)? / 1e3)
        .detail("p50 ms", rounds.median(SIGN_IN, |one| one.delivered.ms(0.5))?)
        .detail("tested core busy", rounds.median(SIGN_IN, Sample::cpu_share)?);
    let arrivals = Measurement::new(ARRIVE, "/s", rounds.median(ARRIVE, Sample::rate)?)
        .detail("CPU µs each", rounds.median(ARRIVE, Sample::cpu_us)?)
        .detail("p50 ms", rounds.median(ARRIVE, |one| one.delivered.ms(0.5))?)
        .detail("p99 ms", rounds.median(ARRIVE, |one| one.delivered.ms(0.99))?);
    let mut measurements = vec![sign_ins, arrivals];
    for (share, name, goal) in [(0.5, "p50", None), (0.99, "p99", Some(1.5))] {
        let compared = rounds.compare(MEANWHILE, ALONE, |one| one.delivered.ms(share))?;
        let mut one =
            Measurement::compared(format!("{MEANWHILE}, {LIGHT:.0}/s: {name} to delivery"), "ms", &compared);
        if let Some(goal) = goal {
            one = one.goal(Goal::RatioAtMost(goal));
        }
        measurements.push(one);
    }
    Ok(measurements)
}

/// A sign-in of each of some agents.
fn sign_ins(system: &System) -> anyhow::Result<Vec<Vec<u8>>> {
    let agents = block_on(Box::pin(async {
        let admin = system.admin().await?;
        let mut agents = Vec::new();
        for _ in 0..SIGNING_IN {
            agents.push(system.agent(&admin).await?);
        }
        anyhow::Ok(agents)
    }))?;
    let ask = ask(system, "/session");
    let body = |name: &str, password: &str| json!({ "username": name, "password": password }).to_string();
    Ok(agents.iter().map(|agent| asker::post(&ask, &body(&agent.username, &agent.password))).collect())
}

fn ask(system: &System, path: &str) -> Ask {
    let address = system.address(0);
    let headers = vec![("Origin".to_owned(), format!("http://{address}"))];
    Ask { address, path: format!("/api/v1{path}"), headers }
}

/// Clients that ask the same over and over, each on a connection and in a thread of its own.
struct Crowd<'a> {
    address: &'a str,
    requests: &'a [Vec<u8>],
    over: AtomicBool,
    done: AtomicU64,
    ready: Barrier,
}

impl<'a> Crowd<'a> {
    fn new(address: &'a str, requests: &'a [Vec<u8>]) -> Self {
        let ready = Barrier::new(requests.len() + 1);
        Self { address, requests, over: AtomicBool::new(false), done: AtomicU64::new(0), ready }
    }

    /// Lets all of them ask while `meanwhile` goes on; answers its result and how long they waited.
    fn beside<T>(&self, meanwhile: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(T, Latencies)> {
        std::thread::scope(|scope| {
            let asking: Vec<_> =
                self.requests.iter().map(|request| scope.spawn(|| self.ask(request))).collect();
            self.ready.wait();
            let result = meanwhile();
            self.over.store(true, Ordering::Relaxed);
            let mut all = Latencies::new()?;
            for one in asking {
                all.add(&one.join().map_err(|_| anyhow!("a client broke"))??)?;
            }
            Ok((result?, all))
        })
    }

    fn ask(&self, request: &[u8]) -> anyhow::Result<Latencies> {
        let connected = Asker::connect(self.address);
        // Whether it is connected or not, the others wait for it.
        self.ready.wait();
        let (mut asker, mut latencies) = (connected?, Latencies::new()?);
        while !self.over.load(Ordering::Relaxed) {
            let began = Instant::now();
            asker.ask(request).context("while many ask")?;
            latencies.record(began.elapsed());
            self.done.fetch_add(1, Ordering::Relaxed);
        }
        Ok(latencies)
    }
}

/// How many answers a crowd gets in a window.
fn flat_out(
    setting: &Setting,
    address: &str,
    requests: &[Vec<u8>],
    processes: &[Counted],
) -> anyhow::Result<Sample> {
    let crowd = Crowd::new(address, requests);
    let window = || {
        std::thread::sleep(setting.warm_up);
        let (meter, before) = (Meter::start(processes)?, crowd.done.load(Ordering::Relaxed));
        let begin = Instant::now();
        std::thread::sleep(setting.window);
        let (done, took) = (crowd.done.load(Ordering::Relaxed) - before, begin.elapsed());
        anyhow::Ok((done, took, meter.each()?))
    };
    let ((done, took, cpu), latencies) = crowd.beside(window)?;
    Ok(Sample { took, done, acked: latencies.clone(), delivered: latencies, cpu, under_way: (0, 0) })
}

/// What `measure` gives while a crowd asks.
fn beside(
    address: &str,
    requests: &[Vec<u8>],
    measure: impl FnOnce() -> anyhow::Result<Sample>,
) -> anyhow::Result<Sample> {
    Ok(Crowd::new(address, requests).beside(measure)?.0)
}
