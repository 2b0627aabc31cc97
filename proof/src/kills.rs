//! Parts are killed, frozen and restarted at random, under load; nothing may be lost, doubled or out of order, and
//! everything works again soon.

mod cycle;
mod fault;
mod part;
mod row;

use anyhow::Context;
use switchboard_testkit::system::Setup;
use switchboard_testkit::{Shape, System};

use crate::load::{Crew, Load, USUAL};
use crate::plan::{Plan, Scale};
use crate::record;
use crate::report::Section;
use crate::scenario::Scenario;
use fault::{Fault, deck};
use part::Part;
use row::Row;

/// What it is.
pub const SCENARIO: Scenario = Scenario {
    name: "kills",
    title: "Kill, freeze, restart",
    about: "Each part is killed, frozen and restarted at random while visitors talk with people and with automations, \
            agents answer, write notes, pass conversations on and claim them, and some clients lose their connection \
            now and then; just before a fault all visitors say something at once. After every block of cycles the load comes to rest, and everything that clients did and \
            saw is compared with what is stored. A *kill* is SIGKILL, dead for up to 0.4 s; a *freeze* is SIGSTOP \
            for 0.3 to 3 s; a *restart* is SIGTERM, waited for. *Works again* is counted from the moment in which \
            the part is started or thawed until a fresh client's message is acknowledged by way of it; for \
            automations until they answer one, for the bus of a cluster until it is shown on the other node. \
            *Elsewhere* is counted from the kill itself until a fresh client, who tries the dead node first, has an \
            acknowledgement from the other one. *Everybody's wait* is what all others saw meanwhile: from the first try of \
            a message to its acknowledgement, the fault itself included; it must not exceed the goal by more than the \
            three seconds of the longest fault.",
    run: |plan| Box::pin(run(plan)),
};

/// Agents who answer.
const AGENTS: usize = 3;
/// Cycles between two checks of everything.
const BLOCK: usize = 20;
/// Cycles of each part in each shape at short length.
const SHORT: usize = 2;

/// The table's headings.
const COLUMNS: [&str; 14] = [
    "part",
    "shape",
    "faults",
    "cycles",
    "acked",
    "lost",
    "doubled",
    "out of order",
    "otherwise wrong",
    "works again, ms: p50 / max",
    "goal",
    "elsewhere, ms: p50 / max",
    "everybody's wait, ms: p50 / max",
    "held",
];

/// Runs it: all shapes, all of their parts.
///
/// # Errors
/// When a system cannot be started at all.
pub async fn run(plan: &Plan) -> anyhow::Result<Section> {
    let mut section = Section::new(&COLUMNS);
    for shape in plan.shapes(&[Shape::Embedded, Shape::Cluster, Shape::Split]) {
        let mut stage: Option<Stage> = None;
        for part in part::of(shape).iter().filter(|part| plan.wants(part.name())) {
            let mut fresh = match stage.take() {
                Some(stage) => stage,
                None => Box::pin(Stage::set(shape)).await.with_context(|| format!("{shape:?}"))?,
            };
            let mut row = Row::new(*part, shape);
            let cycles = plan.cycles(SHORT, part.cycles(shape));
            match Box::pin(fresh.act(plan, *part, cycles, &mut row)).await {
                Ok(()) => stage = Some(fresh),
                // What is left of that system proves nothing more; the next part gets another one.
                Err(error) => {
                    fresh.print_logs();
                    row.fail(format!("{error:#}"));
                }
            }
            row.finish(plan.scale, &mut section);
            eprintln!("{}", section.rows.last().map(|cells| cells.join(" | ")).unwrap_or_default());
        }
    }
    Ok(section)
}

/// A system and its staff.
struct Stage {
    system: System,
    crew: Crew,
}

impl Stage {
    async fn set(shape: Shape) -> anyhow::Result<Self> {
        let system = Setup::new(shape).own_mariadb().start().await?;
        let crew = Crew::hire(&system, AGENTS).await?;
        Ok(Self { system, crew })
    }

    /// All cycles of one part, a block at a time.
    async fn act(&mut self, plan: &Plan, part: Part, cycles: usize, row: &mut Row) -> anyhow::Result<()> {
        let mut dice = fastrand::Rng::with_seed(plan.seed ^ part.salt(self.system.shape));
        let deck = deck(cycles, &mut dice);
        for (number, block) in deck.chunks(BLOCK).enumerate() {
            let name = format!("kills-{:?}-{}-{}-{number}", self.system.shape, part.name(), plan.seed);
            self.block(part, block, &mut dice, row, &name)
                .await
                .with_context(|| format!("block {number}"))?;
        }
        Ok(())
    }

    /// Some cycles under one load, and the check.
    async fn block(
        &mut self,
        part: Part,
        faults: &[Fault],
        dice: &mut fastrand::Rng,
        row: &mut Row,
        name: &str,
    ) -> anyhow::Result<()> {
        let mut load = Box::pin(Load::start(&self.system, &self.crew, USUAL, dice.u64(..))).await?;
        let recorder = load.recorder();
        let cycled = async {
            let mut probe = load.probe().await?;
            for fault in faults {
                let seen = Box::pin(cycle::run(&mut self.system, &mut load, &mut probe, part, *fault, dice))
                    .await
                    .with_context(|| format!("{fault:?}"))?;
                row.cycle(*fault, &seen);
            }
            for part in self.system.part_names() {
                self.system.await_ready(&part).await?;
            }
            anyhow::Ok(())
        };
        let settled = match Box::pin(cycled).await {
            Ok(()) => Box::pin(load.settle()).await,
            Err(error) => Err(error),
        };
        match settled {
            Ok(verdict) => {
                row.verdict(&verdict);
                if !verdict.violations.is_empty() {
                    let kept =
                        record::keep(&format!("{name}.json"), &serde_json::to_string_pretty(&verdict)?)?;
                    row.fail(row::told(&verdict, &kept));
                    self.print_logs();
                }
                Ok(())
            }
            Err(error) => {
                let record = serde_json::to_string_pretty(&recorder.so_far())?;
                let kept = record::keep(&format!("{name}.json"), &record)?;
                Err(error.context(format!("record kept in {}", kept.display())))
            }
        }
    }

    /// What the parts said last, to the terminal.
    fn print_logs(&mut self) {
        for name in self.system.part_names() {
            if let Ok(process) = self.system.process(&name) {
                eprintln!("=== {name}\n{}", process.last_words());
            }
        }
        switchboard_testkit::process::print_ended();
    }
}

/// How much longer than the goal a part may take at short length, where a test shares the machine with others.
const fn slack(scale: Scale) -> u32 {
    match scale {
        Scale::Short => 4,
        Scale::Full => 1,
    }
}
