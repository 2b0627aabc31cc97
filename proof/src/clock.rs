//! Somebody sets clocks while people talk.

mod trial;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use switchboard_testkit::mariadb::{Extras, Size};
use switchboard_testkit::system::Setup;
use switchboard_testkit::{FakeClock, MariaDb, Shape, System};

use crate::figures::{COUNTED, Counts, middle_and_most, settle};
use crate::load::{Crew, Load, USUAL};
use crate::plan::Plan;
use crate::report::Section;
use crate::scenario::Scenario;
use trial::{Bench, Trial};

/// What it is.
pub const SCENARIO: Scenario = Scenario {
    name: "clock",
    title: "Clocks that are set",
    about: "Under load the wall clocks of one or all processes are set by an hour, forward and back, while they run \
            (libfaketime; the clock that only counts goes on). Each time: is everybody still signed in; how long until \
            a new conversation is given to an agent, until an automation answers, until a conversation goes back to \
            the queue whose agent has 5 s for the answer, until a snooze of 8 s ends, both begun before the clock was \
            set; and how far the time of the newest entry is from what had passed since the first. Looked at until the \
            change of the clock has been noticed (two looks, 5 s apart); from then on the time follows, a tenth faster or \
            slower than it passes.",
    run: |plan| Box::pin(run(plan)),
};

/// Agents who answer.
const AGENTS: usize = 3;
/// In seconds, against the right time, one after the other.
const SETTINGS: [i64; 4] = [3_600, 0, -3_600, 0];
/// Whoever waits may wait so long.
const SOON: Duration = Duration::from_secs(5);
/// A deadline or a snooze may end so much later than it should; the router asks every second or two what is due.
const LATE: Duration = Duration::from_millis(3_500);
/// A time is written in milliseconds, and read by a clock that started a moment later.
const MOMENT: Duration = Duration::from_millis(100);
/// A time in an entry may be so far from what it should be.
const APART: Duration = Duration::from_secs(5);

/// Whose clocks are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// The only process, with SQLite.
    Alone,
    /// One node of two.
    OneNode,
    /// MariaDB's.
    Database,
    /// Both nodes' and MariaDB's.
    All,
}

impl Whose {
    const ALL: [Self; 4] = [Self::Alone, Self::OneNode, Self::Database, Self::All];

    fn name(self) -> &'static str {
        match self {
            Self::Alone => "alone",
            Self::OneNode => "one",
            Self::Database => "database",
            Self::All => "all",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Alone => "the one serve with SQLite",
            Self::OneNode => "one serve of two",
            Self::Database => "mariadbd under two serve",
            Self::All => "two serve and mariadbd",
        }
    }
}

/// Runs it.
///
/// # Errors
/// When a system cannot be started at all.
pub async fn run(plan: &Plan) -> anyhow::Result<Section> {
    let columns: Vec<&str> = ["whose clock", "set"]
        .into_iter()
        .chain(COUNTED)
        .chain([
            "signed out",
            "given to an agent, ms: p50 / max",
            "answered by Mat, ms: p50 / max",
            "5 s deadline, ms: p50 / max",
            "8 s snooze, ms: p50 / max",
            "times apart, ms: max",
            "held",
        ])
        .collect();
    let mut section = Section::new(&columns);
    let clock = match FakeClock::new() {
        Ok(clock) => clock,
        Err(error) => {
            section.row(["all", "not run"]);
            section.not_run(format!("{error:#}"));
            return Ok(section);
        }
    };
    for whose in Whose::ALL.into_iter().filter(|whose| plan.wants(whose.name())) {
        clock.set(0)?;
        let mut seen = Seen::default();
        if let Err(error) = Box::pin(set(plan, whose, &clock, &mut seen)).await {
            switchboard_testkit::process::print_ended();
            seen.failures.push(format!("{error:#}"));
        }
        seen.finish(whose, plan, &mut section);
    }
    Ok(section)
}

/// What was seen of one kind.
#[derive(Debug, Default)]
struct Seen {
    trials: Vec<Trial>,
    counts: Counts,
    failures: Vec<String>,
}

impl Seen {
    fn finish(mut self, whose: Whose, plan: &Plan, section: &mut Section) {
        self.failures.append(&mut self.counts.failures);
        let slack = plan.pick(3, 1);
        let of = |which: fn(&Trial) -> Duration| self.trials.iter().map(which).collect::<Vec<_>>();
        let (given, answered) = (of(|t| t.given), of(|t| t.answered));
        let (lapsed, awake, apart) = (of(|t| t.lapsed), of(|t| t.awake), of(|t| t.apart));
        let out: usize = self.trials.iter().map(|trial| trial.signed_out).sum();
        if out > 0 {
            self.failures.push(format!("{out} sessions ended"));
        }
        let between = |times: &[Duration], from: Duration, to: Duration| {
            times.iter().all(|time| (from..=to).contains(time))
        };
        let soon = SOON * slack;
        let (deadline, snooze) = (trial::ANSWER, trial::SNOOZE);
        // While the time follows it runs faster or slower by a tenth.
        let tenth = |time: Duration| time / 10 + MOMENT;
        for (what, fine) in [
            ("given to an agent late", between(&given, Duration::ZERO, soon)),
            ("answered late", between(&answered, Duration::ZERO, soon)),
            (
                "the deadline was not kept",
                between(&lapsed, deadline - tenth(deadline), deadline + tenth(deadline) + LATE * slack),
            ),
            (
                "the snooze did not end in time",
                between(&awake, snooze - tenth(snooze), snooze + tenth(snooze) + LATE * slack),
            ),
            ("times are astray", between(&apart, Duration::ZERO, APART * slack)),
        ] {
            if !fine {
                self.failures.push(what.to_owned());
            }
        }
        let held = if self.failures.is_empty() { "yes" } else { "**no**" };
        let set: Vec<String> = self.trials.iter().map(|trial| format!("{:+} s", trial.by)).collect();
        let mut cells = vec![whose.words().to_owned(), set.join(", ")];
        cells.extend(self.counts.cells());
        cells.push(out.to_string());
        cells.extend([&given, &answered, &lapsed, &awake].map(|times| middle_and_most(times)));
        cells.push(apart.iter().max().map_or_else(|| "–".to_owned(), |most| most.as_millis().to_string()));
        cells.push(held.to_owned());
        section.row(cells);
        for failure in self.failures {
            section.fail(format!("{}: {failure}", whose.words()));
        }
    }
}

/// The system in which these clocks can be set.
async fn start(whose: Whose, clock: &FakeClock) -> anyhow::Result<(System, Option<Arc<MariaDb>>)> {
    let faked = |setup: Setup, parts: &[&str]| {
        parts.iter().fold(setup, |setup, part| {
            clock.envs().iter().fold(setup, |setup, (name, value)| setup.env_of(part, name, value))
        })
    };
    if whose == Whose::Alone {
        let setup = faked(Setup::new(Shape::Embedded), &["node-0"]);
        return Ok((setup.start().await?, None));
    }
    let envs = if whose == Whose::OneNode { Vec::new() } else { clock.envs() };
    let server = Arc::new(MariaDb::start_with(Size::SMALL, Extras { envs, ..Extras::default() })?);
    let parts: &[&str] = match whose {
        Whose::OneNode => &["node-0"],
        Whose::All => &["node-0", "node-1"],
        Whose::Alone | Whose::Database => &[],
    };
    let setup = faked(Setup::new(Shape::Cluster).on(Arc::clone(&server)), parts);
    Ok((setup.start().await?, Some(server)))
}

async fn set(plan: &Plan, whose: Whose, clock: &FakeClock, seen: &mut Seen) -> anyhow::Result<()> {
    let (mut system, server) = start(whose, clock).await?;
    let crew = Crew::hire(&system, AGENTS).await?;
    let bench = Box::pin(Bench::set_up(&system, server, &crew, whose)).await?;
    let mut load = Box::pin(Load::start(&system, &crew, USUAL, plan.seed)).await?;
    let mut probe = load.probe().await?;
    let settings = plan.pick(&[3_600, -3_600][..], &SETTINGS);
    let mut before = 0;
    for to in settings.iter().take(plan.cycles.unwrap_or(SETTINGS.len())) {
        let trial = Box::pin(bench.trial(&mut system, clock, before, *to, &mut load, &mut probe));
        seen.trials.push(trial.await.with_context(|| format!("from {before:+} s to {to:+} s"))?);
        before = *to;
    }
    let closes = load.closes();
    let thrown_out = closes.iter().filter(|code| [4001, 4003].contains(*code)).count();
    if thrown_out > 0 {
        seen.failures.push(format!("{thrown_out} sockets of staff were closed: {closes:?}"));
    }
    let name = format!("clock-{}-{}", whose.name(), plan.seed);
    (seen.counts, _) = Box::pin(settle(load, &name)).await?;
    Ok(())
}
