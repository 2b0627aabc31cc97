//! Automations that misbehave: how long their visitors wait, and that nobody else does.

mod bystander;
mod case;
mod trial;

use std::time::Duration;

use anyhow::Context;
use switchboard_testkit::system::Setup;
use switchboard_testkit::{NatsServer, Shape, Staff, System, wait};

use crate::figures::quantile;
use crate::plan::{Plan, Scale};
use crate::report::Section;
use crate::scenario::Scenario;
use bystander::Bystander;
use case::{CASES, Case, Misbehaving};

/// What it is.
pub const SCENARIO: Scenario = Scenario {
    name: "automations",
    title: "Automations that misbehave",
    about: "Over NATS, one automation for each way to misbehave, at the settings that an automation has when it is \
            activated; all of them at once (a visitor comes every tenth of a second), in one process with SQLite and in a cluster with MariaDB. Each visitor begins \
            a conversation with one, and is timed by what the socket shows from sending until the answer, or until told \
            that people take over, being in their queue. Nobody may wait more than 20 s, or 60 s where the automation says \
            that it is *working* (the visitor sees it typing). Meanwhile a visitor talks with Mat, who is well: everything \
            is to be answered within 5 s, at most. Of a reply that counts exactly what it said is shown, once; after \
            the measurement everything is looked at again, for what came late. What runs inside the process (chat and \
            mat without NATS) has no connection to misbehave on: its time-outs and panics are tests of the room `sdk`.",
    run: |plan| Box::pin(run(plan)),
};

/// How long an automation that has just started may take to be found (contract §6).
const DISCOVERED: Duration = Duration::from_secs(10);
/// Briefly, with a debug build on a busy machine, so many times as long.
const BUSY: u32 = 2;
/// Mat's answers, at most.
const OTHERS: Duration = Duration::from_secs(5);
/// No limit for visitors, who all come from one address here.
const OPEN_DOORS: &str = "[limits]\nvisitor_sessions_per_min = 0\nsockets_per_address = 0\n";

/// Runs it.
///
/// # Errors
/// When a system cannot be started at all.
pub async fn run(plan: &Plan) -> anyhow::Result<Section> {
    let mut section = Section::new(&[
        "the automation",
        "database",
        "visitors",
        "what became of them",
        "until then, s: p50 / max",
        "goal, s",
        "held",
    ]);
    for shape in plan.shapes(&[Shape::Embedded, Shape::Cluster]) {
        Box::pin(on(plan, shape, &mut section)).await?;
    }
    Ok(section)
}

async fn on(plan: &Plan, shape: Shape, section: &mut Section) -> anyhow::Result<()> {
    let setup = Setup::new(shape).configuration(OPEN_DOORS);
    // One process with a NATS of its own.
    let own = if shape.is_networked() { None } else { Some(NatsServer::start()?) };
    let setup = match &own {
        Some(nats) => setup.serve_arg("--nats").serve_arg(&nats.url()),
        None => setup,
    };
    let system = setup.start().await?;
    let url = own.as_ref().or(system.nats.as_ref()).context("no NATS")?.url();
    let database = if shape.is_networked() { "MariaDB" } else { "SQLite" };
    // A minute is too long for every `make test`; the room `router` tests it with a clock of its own.
    let brief = |case: &Case| case.goal <= case::TOLD || plan.scale == Scale::Full;
    let wanted = |case: &&Case| plan.wants(case.name) && (brief(case) || plan.part.is_some());
    let cases: Vec<&Case> = CASES.iter().filter(wanted).collect();
    let mut misbehaving: Vec<Misbehaving> = cases.iter().map(|case| case.start(&url)).collect();
    let admin = system.admin().await?;
    let found = activate(&admin, &cases, plan.pick(BUSY, 1)).await?;
    misbehaving.retain(|programs| !programs.leaves);
    section.note(format!(
        "{database}: {} automations were found within {:.1} s of their start, and activated.",
        cases.len(),
        found.as_secs_f64()
    ));
    let agent = system.agent(&admin).await?;
    let bystander = Bystander::start(&system).await?;
    let each = plan.cycles(1, 10);
    let (visitors, agent) = (Visitors { system: &system, each, cases: cases.len() }, &agent);
    let trials = cases.iter().enumerate().map(|(place, case)| trial::run(&visitors, agent, case, place));
    let outcomes = futures_join(trials.collect()).await;
    let mats = bystander.finish().await;
    for (case, outcome) in cases.iter().zip(outcomes) {
        judge(plan, case, database, outcome, section);
    }
    let (p50, most) = (quantile(&mats, 0.5), quantile(&mats, 1.0));
    let held = !mats.is_empty() && most <= OTHERS * plan.pick(BUSY, 1);
    section.row([
        "Mat, who is well, meanwhile".to_owned(),
        database.to_owned(),
        "1".to_owned(),
        format!("{} of {} messages answered", mats.len(), mats.len()),
        format!("{:.1} / {:.1}", p50.as_secs_f64(), most.as_secs_f64()),
        OTHERS.as_secs().to_string(),
        yes(held),
    ]);
    if !held {
        section.fail(format!("{database}: of Mat's {} answers the last one took {most:?}", mats.len()));
    }
    let titles = titles(&admin).await?;
    if !titles.contains("\"Mat\"") || titles.contains(case::STOLEN) {
        section.fail(format!("{database}: somebody else speaks for Mat: {titles}"));
    }
    drop(misbehaving);
    Ok(())
}

/// Who is asked to come.
pub(crate) struct Visitors<'a> {
    system: &'a System,
    /// So many for each case.
    each: usize,
    /// Of so many cases, which take turns.
    cases: usize,
}

/// Waits for all at once, in order.
async fn futures_join<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut boxed: Vec<_> = futures.into_iter().map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|cx| {
        let mut pending = false;
        for (future, done) in &mut boxed {
            if done.is_none() {
                match future.as_mut().poll(cx) {
                    std::task::Poll::Ready(value) => *done = Some(value),
                    std::task::Poll::Pending => pending = true,
                }
            }
        }
        if pending { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    boxed.into_iter().filter_map(|(_, done)| done).collect()
}

/// Waits until all are found, and activates them; answers how long they took.
async fn activate(admin: &Staff, cases: &[&Case], patience: u32) -> anyhow::Result<Duration> {
    let begun = std::time::Instant::now();
    let names: Vec<&str> = cases.iter().filter(|case| case.is_found()).map(|case| case.automation).collect();
    let all = wait::until("every automation in the list", DISCOVERED * patience, async || {
        let list = admin.http.get("/automations").await?.expect(200)?.to_string();
        Ok(names.iter().all(|name| list.contains(&format!("\"{name}\""))).then_some(()))
    });
    Box::pin(all).await?;
    let found = begun.elapsed();
    for name in &names {
        let body = serde_json::json!({ "active": true, "public": true });
        admin.http.patch(&format!("/automations/{name}"), body).await?.expect(200)?;
    }
    Ok(found)
}

async fn titles(admin: &Staff) -> anyhow::Result<String> {
    let list = admin.http.get("/automations").await?.expect(200)?;
    let items = list["items"].as_array().into_iter().flatten();
    Ok(items.map(|one| one["title"].to_string()).collect::<Vec<_>>().join(", "))
}

fn judge(
    plan: &Plan,
    case: &Case,
    database: &str,
    outcome: anyhow::Result<Vec<trial::End>>,
    section: &mut Section,
) {
    let ends = match outcome {
        Ok(ends) => ends,
        Err(error) => {
            section.fail(format!("{}, {database}: {error:#}", case.name));
            return;
        }
    };
    let mut times: Vec<Duration> = ends.iter().map(|end| end.after).collect();
    times.sort_unstable();
    let (p50, most) = (quantile(&times, 0.5), quantile(&times, 1.0));
    let late = most > case.goal * plan.pick(BUSY, 1);
    let wrong = ends.iter().find(|end| !case.outcome.fits(end));
    let answered = ends.iter().filter(|end| end.answered).count();
    let queued = ends.len() - answered;
    let became = match (answered, queued) {
        (all, 0) if case.outcome == case::Outcome::TenAndPeople => format!("{all} with people after ten"),
        (all, 0) => format!("{all} answered"),
        (0, all) => format!("{all} with people"),
        (some, others) => format!("{some} answered, {others} with people"),
    };
    section.row([
        case.about.to_owned(),
        database.to_owned(),
        ends.len().to_string(),
        became,
        format!("{:.1} / {:.1}", p50.as_secs_f64(), most.as_secs_f64()),
        case.goal.as_secs().to_string(),
        yes(!late && wrong.is_none()),
    ]);
    if late {
        section.fail(format!("{}, {database}: somebody waited {most:?}", case.name));
    }
    if let Some(end) = wrong {
        section.fail(format!("{}, {database}: {end:?} is not {:?}", case.name, case.outcome));
    }
}

fn yes(held: bool) -> String {
    if held { "yes" } else { "**no**" }.to_owned()
}
