//! B07: a page of fifty entries at the beginning, in the middle and at the end of a conversation of ten thousand, in a
//! table of ten million. One agent asks over HTTP, one question after the other.
//!
//! Beside it stands the bare reader, which answers the same JSON over HTTP after one statement, and asks nobody who may
//! see it; and that statement by itself, over the database's protocol, without HTTP and JSON.

use std::cell::RefCell;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::Benchmark;
use super::b02::tended;
use crate::archive::{self, Archive};
use crate::asker::{self, Asker};
use crate::casting;
use crate::driver::ours::Ours;
use crate::driver::reader::{self, Reader};
use crate::driver::{Ask, Reads};
use crate::load::{Load, Sample};
use crate::measurement::{Goal, Measurement, Outcome};
use crate::product::Kind;
use crate::raw::pages::RawPages;
use crate::rounds::{Contestant, Rounds};
use crate::setting::Setting;

/// Pages of a long conversation.
pub const BENCHMARK: Benchmark = Benchmark { id: "B07", title: "a page of history", run };

/// Rows of a page.
pub(super) const PAGE: usize = 50;
/// The length of a window, of the usual one: thousands of questions fit.
const WINDOW: f64 = 0.4;
/// How long questions are asked before they are measured.
pub(super) const WARM_UP: Duration = Duration::from_millis(300);
/// The statement by itself.
const ALONE: &str = "the statement alone, without HTTP";

fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let window = setting.window.mul_f64(WINDOW);
    let warm_up = setting.warm_up.min(WARM_UP);
    let setting = &Setting { window, warm_up, ..setting.clone() };
    let archive = setting.cellar.take(setting, archive::size(setting, 3))?;
    let measured = measure(setting, &archive);
    setting.cellar.put(archive)?;
    measured
}

fn measure(setting: &Setting, archive: &Archive) -> anyhow::Result<Outcome> {
    let server = setting.cellar.mariadb()?;
    let ours = Ours::new(Kind::InProcess, &archive.system);
    let who = casting::agent(&archive.system)?;
    let bare = Reader::start(&server, &archive.url())?;
    let raw = RefCell::new(RawPages::connect(&server, &archive.url())?);
    let conversation = archive.plan.long();
    let end = archive.plan.talk as u64;
    let places = [("first", Some(PAGE as u64 + 1)), ("middle", Some(end / 2)), ("last", None)];
    let mut contestants = Vec::new();
    for (place, before) in places {
        let asks = [
            Reads::history(&ours, &who, &conversation, before, PAGE),
            bare.history(&who, &conversation, before, PAGE),
        ];
        same(&asks, PAGE)?;
        for (reads, ask) in [&ours as &dyn Reads, &bare].into_iter().zip(asks) {
            contestants.push(contestant(setting, &[], name(place, reads.name()), reads, &ask));
        }
        let (raw, conversation) = (&raw, &conversation);
        // One more than a page, to know whether there are more; the first page has none before it.
        let rows = if place == "first" { PAGE } else { PAGE + 1 };
        let alone = move || raw.borrow_mut().history(setting, conversation, before, rows);
        contestants.push(Contestant::new(name(place, ALONE), alone));
    }
    let rounds = Rounds::measure(setting, contestants)?;
    let own = Reads::name(&ours);
    let mut outcome = Outcome::default();
    for (place, _) in places {
        for (against, goal) in [(reader::NAME, Some(1.5)), (ALONE, None)] {
            let what = format!("{own}, the {place} page of {end} among {}", archive.plan.messages);
            let names = (name(place, own), name(place, against));
            outcome.measurements.extend(latencies(&rounds, &what, &names, goal)?);
        }
    }
    let mut flat = rounds.compare(&name("last", own), &name("first", own), |one| one.delivered.ms(0.5))?;
    flat.against = "the first page".into();
    let flat = Measurement::compared(format!("{own}, the last page: p50"), "ms", &flat);
    outcome.measurements.push(flat.goal(Goal::RatioAtMost(1.1)));
    Ok(outcome)
}

fn name(place: &str, who: &str) -> String {
    format!("{place} page, {who}")
}

/// One who asks the same over and over; the loads' pings are answered after each time.
pub(super) fn contestant<'a>(
    setting: &'a Setting,
    loads: &'a [RefCell<Load<'_>>],
    name: String,
    reads: &'a dyn Reads,
    ask: &Ask,
) -> Contestant<'a, Sample> {
    // Connected anew each time: who asks nothing for a while is hung up on.
    let (address, question, processes) = (ask.address.clone(), asker::get(ask), reads.processes());
    Contestant::new(name, move || {
        let mut asker = Asker::connect(&address)?;
        tended(loads, || asker::measure(setting, &processes, || asker.ask(&question).map(drop)))
    })
}

/// p50 and p99 of one beside another, with what a question costs each.
pub(super) fn latencies(
    rounds: &Rounds<Sample>,
    what: &str,
    (ours, theirs): &(String, String),
    goal: Option<f64>,
) -> anyhow::Result<Vec<Measurement>> {
    let mut measurements = Vec::new();
    for (share, percentile) in [(0.5, "p50"), (0.99, "p99")] {
        let figure = move |sample: &Sample| sample.delivered.ms(share);
        let compared = rounds.compare(ours, theirs, figure)?;
        let mut one = Measurement::compared(format!("{what}: {percentile}"), "ms", &compared)
            .control(rounds.control(figure))
            .detail("CPU µs/page, ours", rounds.median(ours, Sample::cpu_us)?)
            .detail("CPU µs/page, theirs", rounds.median(theirs, Sample::cpu_us)?)
            .detail("of it mariadbd, ours", rounds.median(ours, |one| one.cpu_us_of("mariadbd"))?);
        if let Some(goal) = goal {
            one = one.goal(Goal::RatioAtMost(goal));
        }
        measurements.push(one);
    }
    Ok(measurements)
}

/// Makes sure that all answer the same rows, `rows` of them. How the next page is named is each one's own affair.
pub(super) fn same(asks: &[Ask], rows: usize) -> anyhow::Result<()> {
    let mut first: Option<Vec<Value>> = None;
    for ask in asks {
        let mut asker = Asker::connect(&ask.address)?;
        let page: Value = serde_json::from_slice(asker.ask(&asker::get(ask))?)?;
        let items = page["items"].as_array().with_context(|| format!("{}: {page}", ask.path))?;
        ensure!(items.len() == rows, "{}: {} rows, not {rows}", ask.path, items.len());
        let known = first.get_or_insert_with(|| items.clone());
        if let Some((known, item)) = known.iter().zip(items).find(|(known, item)| known != item) {
            bail!("{} answers {item}, not {known}", ask.path);
        }
    }
    Ok(())
}
