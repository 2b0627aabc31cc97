//! One fault, and how long until it is over.

use std::time::{Duration, Instant};

use switchboard_testkit::{Http, Shape, System};

use super::fault::Fault;
use super::part::{Part, Target};
use crate::load::{Load, Probe};

/// The shortest and the longest time between two faults, in milliseconds.
const BETWEEN_MS: std::ops::Range<u64> = 100..400;
/// How long before the fault everybody says something, in milliseconds: it is under way then, or just stored.
const BURST_MS: std::ops::Range<u64> = 0..12;
/// How long what was killed stays dead, in milliseconds.
const DEAD_MS: std::ops::Range<u64> = 0..400;
/// How long what was frozen stays so, in milliseconds.
const FROZEN_MS: std::ops::Range<u64> = 300..3_000;

/// What one cycle has shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// From the end of the fault until it works again.
    pub(super) recovery: Duration,
    /// In a cluster, from the kill until another node has taken a message of a client of the dead one.
    pub(super) elsewhere: Option<Duration>,
}

/// Disturbs a part once and measures.
pub(super) async fn run(
    system: &mut System,
    load: &mut Load,
    probe: &mut Probe,
    part: Part,
    fault: Fault,
    dice: &mut fastrand::Rng,
) -> anyhow::Result<Seen> {
    sleep(dice.u64(BETWEEN_MS)).await;
    let targets = part.targets(system, dice);
    targets.iter().try_for_each(|target| target.must_run(system))?;
    let way = Way::to(system, part, &targets, dice);
    let mut elsewhere = None;
    load.burst();
    sleep(dice.u64(BURST_MS)).await;
    let since = match fault {
        Fault::Kill => {
            let at = Instant::now();
            targets.iter().try_for_each(|target| target.kill(system))?;
            if let Some(other) = &way.other {
                let nodes = [way.node.clone(), other.clone()];
                elsewhere = Some(Box::pin(probe.acknowledged(load, &nodes, at)).await?);
            }
            sleep(dice.u64(DEAD_MS)).await;
            let since = Instant::now();
            // The database first, as after a power cut of a machine that starts in order; all within a moment.
            targets.iter().rev().try_for_each(|target| target.launch(system))?;
            since
        }
        Fault::Freeze => {
            targets.iter().try_for_each(|target| target.freeze(system))?;
            sleep(dice.u64(FROZEN_MS)).await;
            let since = Instant::now();
            targets.iter().try_for_each(|target| target.thaw(system))?;
            since
        }
        Fault::Restart => {
            targets.iter().try_for_each(|target| target.end(system))?;
            let since = Instant::now();
            targets.iter().rev().try_for_each(|target| target.launch(system))?;
            since
        }
    };
    let recovery = way.measure(load, probe, since).await?;
    Ok(Seen { recovery, elsewhere })
}

async fn sleep(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

/// By which way it shows that a part works again.
struct Way {
    /// The web part that is asked.
    node: Http,
    /// Another one that is alive meanwhile.
    other: Option<Http>,
    until: Until,
}

/// What must happen.
enum Until {
    /// A message is acknowledged.
    Acknowledged,
    /// It is shown on this other node.
    Shown(Http),
    /// This automation answers it.
    Answered(String),
}

impl Way {
    fn to(system: &System, part: Part, targets: &[Target], dice: &mut fastrand::Rng) -> Self {
        let count = system.node_count();
        let node = |n: usize| Http::new(&system.address(n % count));
        let any = dice.usize(0..count);
        let acknowledged = |n: usize| Self { node: node(n), other: None, until: Until::Acknowledged };
        match (part, targets) {
            (Part::Serve, [Target::Ours(name)]) => {
                let n = name.trim_start_matches("node-").parse().unwrap_or(0);
                Self { other: (count > 1).then(|| node(n + 1)), ..acknowledged(n) }
            }
            (Part::Nats, _) if system.shape == Shape::Cluster => {
                Self { until: Until::Shown(node(any + 1)), ..acknowledged(any) }
            }
            (Part::Automation, [Target::Ours(name)]) => {
                Self { until: Until::Answered(name.clone()), ..acknowledged(any) }
            }
            _ => acknowledged(any),
        }
    }

    async fn measure(&self, load: &mut Load, probe: &mut Probe, since: Instant) -> anyhow::Result<Duration> {
        let nodes = std::slice::from_ref(&self.node);
        match &self.until {
            Until::Acknowledged => Box::pin(probe.acknowledged(load, nodes, since)).await,
            Until::Shown(there) => Box::pin(probe.shown_elsewhere(load, &self.node, there, since)).await,
            Until::Answered(name) => Box::pin(probe.answered(load, name, nodes, since)).await,
        }
    }
}
