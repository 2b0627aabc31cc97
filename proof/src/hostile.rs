//! Clients that send what nobody should: one process is attacked, and others talk meanwhile.

mod attack;
mod bystander;
mod flood;
mod frames;
mod heads;
mod memory;
mod raw;
mod slow;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use switchboard_testkit::system::Setup;
use switchboard_testkit::{Shape, System};

use crate::figures::quantile;
use crate::plan::Plan;
use crate::report::Section;
use crate::scenario::Scenario;
use attack::{ALL, Attack, Target};
use bystander::{Bystanders, Waits};
use memory::Memory;

/// What it is.
pub const SCENARIO: Scenario = Scenario {
    name: "hostile",
    title: "Hostile clients",
    about: "One process, with the limits that it has by default, is attacked by clients from loopback addresses of \
            their own, one attack after the other; attackers take as much of the two cores as they get. Meanwhile four \
            visitors and four agents talk, each message timed from sending until the other one sees it, and four times \
            a second somebody connects anew, timed until the welcome. Every attack must end as it says; the process \
            must live; nobody else may be cut off or miss anything; of the others' messages 99 in 100 take less than \
            500 ms, and a newcomer is in within 2 s; memory (resident, of the whole process) grows by 256 MiB at most, \
            and within 30 s of the attack's end it is no more than 48 MiB above what it was before the first one.",
    run: |plan| Box::pin(run(plan)),
};

/// Briefly, with a debug build on a busy machine, others may wait so many times as long.
const BUSY: u32 = 16;
/// What the others' messages take, 99 in 100 of them.
const P99: Duration = Duration::from_millis(500);
/// What newcomers take, 99 in 100 of them.
const NEWCOMER: Duration = Duration::from_secs(2);
/// By how much memory may grow while an attack goes on, in MiB.
const GROWS: u64 = 256;
/// How far above the very beginning it may stay, in MiB.
const STAYS: u64 = 48;
/// How long it may take to come back.
const RETURNS: Duration = Duration::from_secs(30);
/// Between two looks whether it has.
const LOOK: Duration = Duration::from_millis(250);
/// How long the others talk before the first attack.
const WARM: Duration = Duration::from_secs(2);

/// How long every attack goes on at least, at full and at short length.
const LASTS: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(1));

/// Runs it.
///
/// # Errors
/// When the system cannot be started at all.
pub async fn run(plan: &Plan) -> anyhow::Result<Section> {
    let mut section = Section::new(&[
        "attack",
        "attackers",
        "what they got",
        "others' messages, ms: p99 / max",
        "newcomers, ms: p99 / max",
        "memory, MiB: before / peak / after",
        "back within, s",
        "held",
    ]);
    let system = Setup::new(Shape::Embedded).start().await?;
    let mut stage = Box::pin(Stage::set(plan, system)).await?;
    for attack in ALL.iter().filter(|attack| plan.wants(attack.part) || plan.wants(attack.name)) {
        Box::pin(stage.suffer(attack, &mut section)).await?;
        if stage.system.process("node-0")?.ended().is_some() {
            section.fail(format!("{}: the process has ended", attack.name));
            return Ok(section);
        }
    }
    if let Err(error) = stage.others.finish().await {
        section.fail(format!("the others: {error:#}"));
    }
    Ok(section)
}

/// The system, who attacks it and who does not.
struct Stage<'a> {
    plan: &'a Plan,
    system: System,
    target: Arc<Target>,
    others: Bystanders,
    memory: Memory,
    /// Memory before the first attack, in MiB.
    first: u64,
}

impl<'a> Stage<'a> {
    async fn set(plan: &'a Plan, system: System) -> anyhow::Result<Self> {
        let pids = system.pids();
        let (_, pid) = pids.first().context("nothing runs")?;
        let target = Target::choose(&system).await?;
        let others = Bystanders::start(&system).await?;
        let memory = Memory::watch(*pid);
        tokio::time::sleep(WARM).await;
        let waits = others.take();
        ensure!(
            !waits.messages.is_empty() && waits.failures.is_empty(),
            "nobody talks: {:?}",
            waits.failures
        );
        let first = memory.now();
        ensure!(first > 0, "the memory of process {pid} cannot be read");
        Ok(Self { plan, system, target, others, memory, first })
    }

    async fn suffer(&self, attack: &Attack, section: &mut Section) -> anyhow::Result<()> {
        let before = self.memory.now();
        let _ = (self.memory.peak(), self.others.take());
        let begun = Instant::now();
        let mut tally = (attack.run)(Arc::clone(&self.target), self.plan.scale).await;
        // What is over at once is done again: others must have had to do with it.
        while begun.elapsed() < self.plan.pick(LASTS.1, LASTS.0) && tally.failures().is_empty() {
            tally.add((attack.run)(Arc::clone(&self.target), self.plan.scale).await);
        }
        let waits = self.others.take();
        let ended = Instant::now();
        while self.memory.now() > self.first + STAYS && ended.elapsed() < RETURNS {
            tokio::time::sleep(LOOK).await;
        }
        let (returned, peak, after) = (ended.elapsed(), self.memory.peak(), self.memory.now());
        let mut failures = tally.failures();
        failures.extend(self.late(&waits));
        failures.extend(waits.failures.iter().cloned());
        if peak > self.first + GROWS {
            failures.push(format!("memory grew from {} to {peak} MiB", self.first));
        }
        if after > self.first + STAYS {
            failures.push(format!("{after} MiB are still held after {RETURNS:?}, at first {}", self.first));
        }
        section.row([
            attack.name.to_owned(),
            tally.attackers().to_string(),
            tally.answers(),
            both(&waits.messages),
            both(&waits.newcomers),
            format!("{before} / {peak} / {after}"),
            format!("{:.1}", returned.as_secs_f64()),
            if failures.is_empty() { "yes" } else { "**no**" }.to_owned(),
        ]);
        for failure in failures {
            section.fail(format!("{}: {failure}", attack.name));
        }
        Ok(())
    }

    /// Whether somebody waited too long.
    fn late(&self, waits: &Waits) -> Vec<String> {
        let share = self.plan.pick(BUSY, 1);
        let all =
            [("messages", &waits.messages, P99 * share), ("newcomers", &waits.newcomers, NEWCOMER * share)];
        let late = all.into_iter().filter_map(|(what, took, most)| {
            let p99 = quantile(took, 0.99);
            (took.is_empty() || p99 > most).then(|| {
                format!("of {} {what} of others 99 in 100 took up to {} ms", took.len(), p99.as_millis())
            })
        });
        late.collect()
    }
}

fn both(took: &[Duration]) -> String {
    format!("{} / {}", quantile(took, 0.99).as_millis(), quantile(took, 1.0).as_millis())
}
