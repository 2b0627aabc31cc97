//! B06: the node under ten thousand visitors is killed, each of them misses twenty entries, and all come back within
//! two seconds.
//!
//! Ours is three nodes on MariaDB and NATS: the visitors' is killed, another takes the messages written meanwhile (by
//! the visitors' other devices, so that they are real), and everybody returns to the third. ejabberd is one node that is
//! killed and started again, which is not counted; what its clients miss is put into its archive by SQL, in the form in
//! which it writes it, and they ask the archive for it, because a restart forgets the streams that could be resumed.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use switchboard_testkit::system::Setup;
use switchboard_testkit::{Shape, System};

use super::Benchmark;
use crate::crowd::{Crowd, Way};
use crate::driver::visitor::Visitors;
use crate::driver::{self, Driver, Heard, Place, Who};
use crate::measurement::{Goal, Measurement, Outcome};
use crate::party::{self, Guest, With};
use crate::peer::ejabberd::{self, Ejabberd};
use crate::place::on_tested_core;
use crate::product::{self, MARIADB_DURABILITY, block_on};
use crate::setting::{Setting, TEXT_BYTES};
use crate::statements::Statements;
use crate::usage::{self, Counted, Meter};

/// Resume storm.
pub const BENCHMARK: Benchmark = Benchmark { id: "B06", title: "resume storm", run };

/// Entries that each one misses.
const MISSED: u64 = 20;
/// Numbers of messages that belong to one visitor.
const NUMBERS: u64 = 32;
/// All of a visitor's, as bits.
const ALL: u32 = (1 << MISSED) - 1;
/// Over how long they come back.
const RETURN: Duration = Duration::from_secs(2);
/// When the run is given up.
const PATIENCE: Duration = Duration::from_secs(120);
/// When whoever was turned away comes again.
const AGAIN: Duration = Duration::from_secs(1);
/// How long a system rests before its memory is read.
const REST: Duration = Duration::from_secs(10);
/// Visitors whose other devices write at a time.
const WRITERS: usize = 500;
const MIB: f64 = 1024.0 * 1024.0;
/// The nodes by what becomes of them.
const KILLED: usize = 0;
const WRITTEN_TO: usize = 1;
const RETURNED_TO: usize = 2;

/// What one storm gives.
struct Storm {
    /// From the first one's return until 99 % have everything.
    most_s: f64,
    /// Until all have.
    all_s: f64,
    turned_away: usize,
    lost: u64,
    doubled: u64,
    statements_each: f64,
    cpu_us_each: f64,
    steady_mib: f64,
    peak_mib: f64,
}

fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let count = setting.size(10_000, 100);
    let (ours, theirs) = (ours(setting, count)?, ejabberd(setting, count)?);
    let name = |what: &str| format!("{count} return within 2 s, {MISSED} entries missed each: {what}");
    let beside = |what: &str, unit: &str, figure: fn(&Storm) -> f64| {
        let mut one = Measurement::new(name(what), unit, figure(&ours));
        one.against = Some("ejabberd".into());
        one.theirs = Some(figure(&theirs));
        one.ratio = Some(figure(&ours) / figure(&theirs));
        one.pairs = 1;
        one
    };
    let most = beside("99 % have everything after", "s", |storm| storm.most_s)
        .goal(Goal::AtMost(5.0))
        .durability(MARIADB_DURABILITY, MARIADB_DURABILITY)
        .detail("all have everything after s", ours.all_s)
        .detail("turned away and came again", ours.turned_away as f64)
        .detail("processor µs for each return", ours.cpu_us_each)
        .detail("ejabberd: all have everything after s", theirs.all_s)
        .detail("ejabberd: turned away and came again", theirs.turned_away as f64)
        .detail("ejabberd: processor µs for each return", theirs.cpu_us_each)
        .detail("ejabberd: lost", theirs.lost as f64)
        .detail("ejabberd: doubled", theirs.doubled as f64);
    let statements = beside("statements for each return", "", |storm| storm.statements_each);
    let memory = beside("peak memory ÷ steady", "×", |storm| storm.peak_mib / storm.steady_mib)
        .goal(Goal::AtMost(1.5))
        .detail("steady MiB", ours.steady_mib)
        .detail("peak MiB", ours.peak_mib)
        .detail("ejabberd: steady MiB", theirs.steady_mib)
        .detail("ejabberd: peak MiB", theirs.peak_mib);
    let lost = Measurement::new(name("entries lost"), "", ours.lost as f64).goal(Goal::AtMost(0.0));
    let doubled = Measurement::new(name("entries doubled"), "", ours.doubled as f64).goal(Goal::AtMost(0.0));
    let measurements = vec![most, statements.goal(Goal::AtMost(0.1)), memory, lost, doubled];
    Ok(Outcome { measurements, curves: vec![] })
}

fn ours(setting: &Setting, count: usize) -> anyhow::Result<Storm> {
    let mariadb = product::mariadb()?;
    let setup = Setup::new(Shape::Cluster).on(std::sync::Arc::clone(&mariadb)).nodes(3);
    let start = setup.configuration(product::CONFIGURATION).start();
    let mut system = on_tested_core(|| block_on(Box::pin(start)))?;
    let guests = party::visitors(&system.http(), count, With::People)?;
    let who: Vec<Who> = guests.iter().map(|guest| guest.who.clone()).collect();
    let node = |n: usize| Visitors::new(system.address(n), MARIADB_DURABILITY, vec![]);
    let [killed, written_to, returned_to] = [KILLED, WRITTEN_TO, RETURNED_TO].map(node);
    let mut silent = |_: usize, _: Heard<'_>| {};
    let mut crowd = Crowd::new(&killed, who)?;
    crowd.gather(0..count, Way::of, &mut silent)?;
    eprintln!("    Switchboard: {count} are here; their node is killed");
    system.kill(&format!("node-{KILLED}"))?;
    crowd.turn_while("the end of all connections", PATIENCE, &mut silent, |crowd| crowd.here() == 0)?;
    crowd.take_lost();
    write(&written_to, &guests)?;
    let process = |n: usize| {
        let name = format!("node-{n}");
        system.pids().into_iter().find(|(known, _)| *known == name).context("a node is gone")
    };
    let (_, pid) = process(RETURNED_TO)?;
    eprintln!("    Switchboard: everybody has missed {MISSED} entries and returns");
    crowd.turn_to(&returned_to);
    let processes = without(&system, KILLED);
    storm(setting, &mut crowd, count, pid, &processes, &Statements::start(&mariadb)?)
}

/// The processes of a system, those of a killed node not counted.
fn without(system: &System, killed: usize) -> Vec<Counted> {
    let killed = format!("node-{killed}");
    product::counted(system).into_iter().filter(|one| one.name != killed).collect()
}

/// Everybody's other device writes what is missed.
fn write(driver: &dyn Driver, guests: &[Guest]) -> anyhow::Result<()> {
    let text = "x".repeat(TEXT_BYTES);
    for (chunk, writers) in guests.chunks(WRITERS).enumerate() {
        let first = (chunk * WRITERS) as u64;
        let acked = RefCell::new(0);
        let refused = RefCell::new(None);
        let mut ear = |_: usize, heard: Heard<'_>| match heard {
            Heard::Acked(_) => *acked.borrow_mut() += 1,
            Heard::Refused(words) => {
                refused.borrow_mut().get_or_insert_with(|| String::from_utf8_lossy(words).into_owned());
            }
            Heard::Delivered(_) | Heard::Resumed => {}
        };
        let mut crowd = Crowd::new(driver, writers.iter().map(|guest| guest.who.clone()).collect())?;
        crowd.gather(0..writers.len(), Way::of, &mut ear)?;
        for (n, writer) in writers.iter().enumerate() {
            for missed in 0..MISSED {
                let number = (first + n as u64) * NUMBERS + missed;
                crowd.send(n, &writer.conversation, number, &text, &mut ear);
            }
        }
        let all = writers.len() as u64 * MISSED;
        crowd.turn_while("what is missed to be stored", PATIENCE, &mut ear, |_| {
            *acked.borrow() == all || refused.borrow().is_some()
        })?;
        ensure!(refused.borrow().is_none(), "{:?}", refused.borrow());
    }
    Ok(())
}

fn ejabberd(setting: &Setting, count: usize) -> anyhow::Result<Storm> {
    let mariadb = product::mariadb()?;
    let mut server = Ejabberd::start(&mariadb, count)?;
    let who = |n| Who { name: ejabberd::account(n), secret: ejabberd::password(n), is_staff: false };
    let driver = driver::ejabberd::Ejabberd::new(server.address().to_string(), vec![]);
    let mut silent = |_: usize, _: Heard<'_>| {};
    let mut crowd = Crowd::new(&driver, (0..count).map(who).collect())?;
    crowd.gather(0..count, Way::of, &mut silent)?;
    eprintln!("    ejabberd: {count} are here; it is killed");
    server.kill()?;
    crowd.turn_while("the end of all connections", PATIENCE, &mut silent, |crowd| crowd.here() == 0)?;
    crowd.take_lost();
    server.sql(&archived(count))?;
    server.restart()?;
    crowd.greet_with(Box::new(|_, session, say| {
        // Nobody had anything before, so what is missed is everything.
        driver.resume(session, Place { conversation: "", epoch: "", last_seq: 0, last_id: "" }, say);
    }));
    eprintln!("    ejabberd: everybody has missed {MISSED} messages and returns");
    let mut processes = vec![Counted::new("ejabberd", server.pid())];
    processes.extend(mariadb.pid().map(|pid| Counted::new("mariadbd", pid)));
    let pid = server.pid();
    storm(setting, &mut crowd, count, pid, &processes, &Statements::start(&mariadb)?)
}

/// The archive rows of what each account misses, as ejabberd writes them.
fn archived(count: usize) -> String {
    let text = "x".repeat(TEXT_BYTES);
    format!(
        "INSERT INTO archive (username, timestamp, peer, bare_peer, xml, txt, kind, nick) \
         SELECT CONCAT('u', account.seq - 1), \
         UNIX_TIMESTAMP() * 1000000 + account.seq * 100 + missed.seq, \
         'agent@localhost/r', 'agent@localhost', \
         CONCAT('<message xml:lang=''en'' to=''u', account.seq - 1, '@localhost'' from=''agent@localhost/r'' ', \
         'type=''chat'' id=''', LOWER(LPAD(HEX((account.seq - 1) * {NUMBERS} + missed.seq - 1), 16, '0')), \
         ''' xmlns=''jabber:client''><body>{text}</body></message>'), \
         '{text}', 'chat', '' \
         FROM seq_1_to_{count} account JOIN seq_1_to_{MISSED} missed"
    )
}

/// Everybody comes back, in time or not.
fn storm(
    setting: &Setting,
    crowd: &mut Crowd<'_>,
    count: usize,
    pid: u32,
    processes: &[Counted],
    before: &Statements,
) -> anyhow::Result<Storm> {
    let rest = if setting.quick { setting.window } else { REST };
    // What the system says to its database by itself, to be taken off.
    let mut silent = |_: usize, _: Heard<'_>| {};
    let from = before.count()?;
    crowd.turn_until(Instant::now() + rest, &mut silent)?;
    let idle_per_s = (before.count()? - from) as f64 / rest.as_secs_f64();

    usage::forget_peak(pid)?;
    let meter = Meter::start(processes)?;
    let from = before.count()?;
    let began = Instant::now();
    let seen: RefCell<Seen> = RefCell::new(Seen::new(count, began));
    let mut ear = |who: usize, heard: Heard<'_>| {
        if let Heard::Delivered(number) = heard {
            seen.borrow_mut().delivered(who, number);
        }
    };
    let mut waiting: VecDeque<(Instant, usize)> = VecDeque::new();
    let (mut next, mut turned_away) = (0, 0);
    let step = RETURN / u32::try_from(count)?;
    while seen.borrow().complete.len() < count && began.elapsed() < PATIENCE {
        let now = Instant::now();
        while next < count && began + step * u32::try_from(next)? <= now {
            crowd.come(next, Way::of(next))?;
            next += 1;
        }
        for who in crowd.take_lost() {
            turned_away += 1;
            waiting.push_back((now + AGAIN, who));
        }
        while let Some((_, who)) = waiting.pop_front_if(|(at, _)| *at <= now) {
            crowd.come(who, Way::of(who))?;
        }
        let patience = if next < count { Duration::ZERO } else { Duration::from_millis(5) };
        crowd.turn(patience, &mut ear)?;
    }
    let took = began.elapsed();
    let cpu = meter.total()?;
    let statements = (before.count()? - from) as f64 - idle_per_s * took.as_secs_f64();
    crowd.turn_until(Instant::now() + rest, &mut ear)?;
    let (peak, steady) = (usage::peak(pid)?, usage::resident(pid)?);
    let seen = seen.into_inner();
    let at = |share: f64| {
        let place = (share * count as f64).ceil() as usize;
        seen.complete.get(place.saturating_sub(1)).map_or(f64::INFINITY, Duration::as_secs_f64)
    };
    Ok(Storm {
        most_s: at(0.99),
        all_s: at(1.0),
        turned_away,
        lost: seen.bits.iter().map(|bits| u64::from((ALL & !bits).count_ones())).sum(),
        doubled: seen.doubled,
        statements_each: statements.max(0.0) / count as f64,
        cpu_us_each: cpu.as_secs_f64() * 1e6 / count as f64,
        steady_mib: steady as f64 / MIB,
        peak_mib: peak as f64 / MIB,
    })
}

/// What has come back to whom.
struct Seen {
    began: Instant,
    bits: Vec<u32>,
    doubled: u64,
    /// When each one had everything, in this order.
    complete: Vec<Duration>,
}

impl Seen {
    fn new(count: usize, began: Instant) -> Self {
        Self { began, bits: vec![0; count], doubled: 0, complete: Vec::with_capacity(count) }
    }

    fn delivered(&mut self, who: usize, number: u64) {
        // Another's would be worse than a double, and counts as one.
        if number / NUMBERS != who as u64 {
            self.doubled += 1;
            return;
        }
        let bit = 1 << (number % NUMBERS);
        let bits = &mut self.bits[who];
        if *bits & bit != 0 {
            self.doubled += 1;
            return;
        }
        *bits |= bit;
        if *bits == ALL {
            self.complete.push(self.began.elapsed());
        }
    }
}
