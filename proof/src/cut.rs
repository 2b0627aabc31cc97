//! A node is cut from the database: staff are shown nothing that nobody vouches for, visitors stay.

mod round;

use std::sync::Arc;
use std::time::Duration;

use switchboard_testkit::system::Setup;
use switchboard_testkit::{Faults, MariaDb, Proxy, Shape, System};

use crate::figures::middle_and_most;
use crate::load::Crew;
use crate::plan::Plan;
use crate::report::Section;
use crate::scenario::Scenario;
use round::Round;

/// What it is.
pub const SCENARIO: Scenario = Scenario {
    name: "cut",
    title: "A node without its database",
    about: "Of two `serve` nodes one loses MariaDB, while NATS and the other node go on and a visitor writes 25 messages a \
            second by way of that: *half open*, the connections hang; *refused*, they are cut and nobody listens. An \
            agent's socket on the cut node may be shown something for one second (the lease), counted from the moment \
            of the cut to the moment in which the client reads it, then nothing, and is closed with 1013 when five \
            seconds are over and the next look is due. The cookie stays good: on the other node at once, on this one \
            when the database is back. The visitor's socket on the cut node stays open and goes on being shown what is \
            said; in the end both have everything.",
    run: |plan| Box::pin(run(plan)),
};

/// The lease is good for a second.
const LEASE: Duration = Duration::from_secs(1);
/// What reading a frame may take on this machine, at full length.
const READING: Duration = Duration::from_millis(100);
/// Nobody vouches for five seconds; the question before may be half a second older than the cut.
const CLOSES_FROM: Duration = Duration::from_millis(4_400);
/// And the answer to the next may be waited for a second.
const CLOSES_BY: Duration = Duration::from_millis(6_700);
/// The node works again within this once its database is back.
const BACK: Duration = Duration::from_secs(10);

/// The visitor writes faster than one usually may.
const CONFIGURATION: &str = "[limits]\nvisitor_messages_per_s = 50\nvisitor_burst = 500\n";

/// Runs it.
///
/// # Errors
/// When a system cannot be started at all.
pub async fn run(plan: &Plan) -> anyhow::Result<Section> {
    let mut section = Section::new(&[
        "cut",
        "rounds",
        "shown to staff after 1 s",
        "last shown, ms: p50 / max",
        "closed with 1013, ms: p50 / max",
        "cookie good elsewhere",
        "visitors who stayed, and have all",
        "agents back, and have all",
        "back after the heal, ms: p50 / max",
        "held",
    ]);
    let server = MariaDb::shared()?;
    let proxy = Arc::new(Proxy::start(&format!("127.0.0.1:{}", server.port()), plan.seed).await?);
    let setup = Setup::new(Shape::Cluster).on(server).detour("node-0", proxy.port());
    let system = setup.configuration(CONFIGURATION).start().await?;
    let crew = Crew::hire(&system, 1).await?;
    let stage = Stage { system, crew, proxy };
    for (name, faults) in [("half open", Faults::half_open()), ("refused", Faults::refusing())] {
        if plan.wants(name) {
            Box::pin(rows(plan, &stage, name, &faults, &mut section)).await;
        }
    }
    Ok(section)
}

struct Stage {
    system: System,
    crew: Crew,
    proxy: Arc<Proxy>,
}

async fn rows(plan: &Plan, stage: &Stage, name: &str, faults: &Faults, section: &mut Section) {
    let rounds = plan.cycles(1, 20);
    let slack = plan.pick(4, 1);
    let (mut seen, mut failures): (Vec<Round>, Vec<String>) = (Vec::new(), Vec::new());
    for number in 0..rounds {
        match Box::pin(round::run(stage, faults)).await {
            Ok(round) => seen.push(round),
            Err(error) => failures.push(format!("round {number}: {error:#}")),
        }
        stage.proxy.heal();
    }
    let late = LEASE + READING * slack;
    let after = seen.iter().map(|round| round.shown_after(late)).sum::<usize>();
    let of = |time: fn(&Round) -> Duration| seen.iter().map(time).collect::<Vec<_>>();
    let (closed, back) = (of(|round| round.closed), of(|round| round.back));
    let count = |which: fn(&Round) -> bool| seen.iter().filter(|round| which(round)).count();
    let counts = [
        count(|round| round.elsewhere),
        count(|round| round.visitor_whole),
        count(|round| round.agent_whole),
    ];
    if after > 0 {
        failures.push(format!("{after} frames were shown to staff after {late:?}"));
    }
    if closed.iter().any(|at| !(CLOSES_FROM..=CLOSES_BY + READING * slack).contains(at)) {
        failures.push(format!("closed after, ms: {}", middle_and_most(&closed)));
    }
    if back.iter().any(|took| *took > BACK) {
        failures.push(format!("back after, ms: {}", middle_and_most(&back)));
    }
    if counts.iter().any(|count| *count < rounds) {
        failures.push(format!("of {rounds} rounds: cookie good, visitor whole, agent whole in {counts:?}"));
    }
    let [elsewhere, visitors, agents] = counts.map(|count| format!("{count} of {rounds}"));
    let last = of(Round::last_shown);
    let held = if failures.is_empty() { "yes" } else { "**no**" };
    section.row([
        name.to_owned(),
        rounds.to_string(),
        after.to_string(),
        middle_and_most(&last),
        middle_and_most(&closed),
        elsewhere,
        visitors,
        agents,
        middle_and_most(&back),
        held.to_owned(),
    ]);
    failures.into_iter().for_each(|failure| section.fail(format!("{name}: {failure}")));
}
