//! B08: the first fifty rows of an agent's lists, with what is unread of each, among a million conversations. One agent
//! asks over HTTP, one question after the other.
//!
//! Beside it stands the bare reader, which answers the same JSON over HTTP after one statement; that statement by
//! itself, without HTTP and JSON; and the seek in the index alone, which gives no more than ids and times. The
//! interface has no calls for counts on tabs: what is unread comes with each row, out of counters.

use std::cell::RefCell;

use super::Benchmark;
use super::b02::tended;
use super::b07_history::{PAGE, WARM_UP, contestant, latencies, same};
use crate::archive::{self, Archive};
use crate::casting;
use crate::driver::ours::Ours;
use crate::driver::reader::{self, Reader};
use crate::driver::{Reads, Shelf};
use crate::load::Load;
use crate::measurement::{Goal, Measurement, Outcome};
use crate::product::Kind;
use crate::raw::pages::RawPages;
use crate::rounds::{Contestant, Rounds};
use crate::setting::Setting;

/// Lists of conversations.
pub const BENCHMARK: Benchmark = Benchmark { id: "B08", title: "a page of the inbox", run };

/// The length of a window, of the usual one.
const WINDOW: f64 = 0.3;
/// Conversations of the agent who asks: more than a page.
const OWN: usize = 60;
const ALONE: &str = "the statement alone, without HTTP";
const SEEK: &str = "the seek in the index alone";
const SHELVES: [(Shelf, &str); 3] =
    [(Shelf::Own, "own"), (Shelf::Queue, "waiting"), (Shelf::Resolved, "resolved")];

fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let window = setting.window.mul_f64(WINDOW);
    let warm_up = setting.warm_up.min(WARM_UP);
    let setting = &Setting { window, warm_up, ..setting.clone() };
    let small = setting.cellar.take(setting, archive::size(setting, 1))?;
    let large = setting.cellar.take(setting, archive::size(setting, 3))?;
    let measured = measure(setting, &large, &small);
    setting.cellar.put(small)?;
    setting.cellar.put(large)?;
    measured
}

fn measure(setting: &Setting, large: &Archive, small: &Archive) -> anyhow::Result<Outcome> {
    let server = setting.cellar.mariadb()?;
    let bare = Reader::start(&server, &large.url())?;
    let raw = RefCell::new(RawPages::connect(&server, &large.url())?);
    let ours = [large, small].map(|archive| Ours::new(Kind::InProcess, &archive.system));
    let (mut loads, mut agents) = (Vec::new(), Vec::new());
    for (archive, driver) in [large, small].into_iter().zip(&ours) {
        // The agent's console is open, so that it keeps what it has.
        let cast = casting::cast(&archive.system, OWN, 1)?;
        agents.push(casting::first_agent(&archive.system, &cast)?);
        loads.push(RefCell::new(Load::open(driver, cast)?));
    }
    let own = Reads::name(&ours[0]).to_owned();
    let count = |archive: &Archive| format!("among {}", archive.plan.conversations());
    let name = |list: &str, who: &str| format!("{list}, {who}");
    let (many, few) = (format!("{own} {}", count(large)), format!("{own} {}", count(small)));
    let mut contestants = Vec::new();
    for (shelf, list) in SHELVES {
        let asks = [Reads::inbox(&ours[0], &agents[0], shelf, PAGE), bare.inbox(&agents[0], shelf, PAGE)];
        same(&asks, PAGE)?;
        let [ask, theirs] = &asks;
        let less = Reads::inbox(&ours[1], &agents[1], shelf, PAGE);
        same(std::slice::from_ref(&less), PAGE)?;
        contestants.push(contestant(setting, &loads, name(list, &many), &ours[0], ask));
        contestants.push(contestant(setting, &loads, name(list, reader::NAME), &bare, theirs));
        contestants.push(contestant(setting, &loads, name(list, &few), &ours[1], &less));
        let (raw, loads, agent) = (&raw, &loads, &agents[0].name);
        contestants.push(Contestant::new(name(list, ALONE), move || {
            tended(loads, || raw.borrow_mut().inbox(setting, agent, shelf, PAGE + 1))
        }));
        contestants.push(Contestant::new(name(list, SEEK), move || {
            tended(loads, || raw.borrow_mut().seek(setting, agent, shelf, PAGE + 1))
        }));
    }
    let rounds = Rounds::measure(setting, contestants)?;
    let mut outcome = Outcome::default();
    for (_, list) in SHELVES {
        let what = format!("{many}, {PAGE} rows of {list}");
        for (against, goal) in [(reader::NAME, Some(1.5)), (ALONE, None), (SEEK, None)] {
            let names = (name(list, &many), name(list, against));
            outcome.measurements.extend(latencies(&rounds, &what, &names, goal)?);
        }
        let mut grown = rounds.compare(&name(list, &many), &name(list, &few), |one| one.delivered.ms(0.5))?;
        grown.against = few.clone();
        let grown = Measurement::compared(format!("{what}: p50"), "ms", &grown);
        outcome.measurements.push(grown.goal(Goal::RatioAtMost(1.2)));
    }
    Ok(outcome)
}
