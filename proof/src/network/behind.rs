//! What lies between one node of a cluster and what is behind it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use switchboard_testkit::system::Setup;
use switchboard_testkit::{Faults, Http, MariaDb, Proxy, Shape, System};

use super::Tried;
use crate::figures::{latencies, quantile, settle};
use crate::load::{Crew, Load, USUAL};
use crate::plan::Plan;

/// Agents who answer.
const AGENTS: usize = 3;
/// How long each fault lasts at full and at short length.
const LASTS: (Duration, Duration) = (Duration::from_secs(15), Duration::from_secs(3));
/// Readers of the other node catch up within this once the bus is back; briefly, within four times as much.
const CATCH_UP: Duration = Duration::from_secs(2);
/// A node works again within this once its database is back.
const WORKS: Duration = Duration::from_secs(10);

/// One fault after the other.
fn faults(delay_ms: (u64, u64), cut: std::ops::Range<u64>) -> [(&'static str, Faults); 4] {
    let delay = Duration::from_millis(delay_ms.0)..Duration::from_millis(delay_ms.1);
    [
        ("held up", Faults { delay: Some(delay), ..Faults::default() }),
        ("cut", Faults::cutting(cut)),
        ("half open", Faults::half_open()),
        ("refused", Faults::refusing()),
    ]
}

/// The system, and the proxy behind its first node.
struct Stage {
    system: System,
    proxy: Arc<Proxy>,
    crew: Crew,
}

/// NATS is far away from one node.
pub(super) async fn bus(plan: &Plan) -> anyhow::Result<Tried> {
    let proxy = Arc::new(Proxy::start("127.0.0.1:0", plan.seed).await?);
    let system = Setup::new(Shape::Cluster).bus_through("node-0", &proxy).start().await?;
    let crew = Crew::hire(&system, AGENTS).await?;
    let stage = Stage { system, proxy, crew };
    let goal = CATCH_UP * plan.pick(4, 1);
    Box::pin(stage.act(plan, "bus", faults((20, 120), 200..40_000), goal)).await
}

/// MariaDB is far away from one node.
pub(super) async fn database(plan: &Plan) -> anyhow::Result<Tried> {
    let server = MariaDb::shared()?;
    let proxy = Arc::new(Proxy::start(&format!("127.0.0.1:{}", server.port()), plan.seed).await?);
    let system = Setup::new(Shape::Cluster).on(server).detour("node-0", proxy.port()).start().await?;
    let crew = Crew::hire(&system, AGENTS).await?;
    let stage = Stage { system, proxy, crew };
    Box::pin(stage.act(plan, "database", faults((1, 8), 1_000..200_000), WORKS)).await
}

impl Stage {
    async fn act(
        self,
        plan: &Plan,
        what: &str,
        faults: [(&'static str, Faults); 4],
        goal: Duration,
    ) -> anyhow::Result<Tried> {
        let (near, far) = (Http::new(&self.system.address(1)), Http::new(&self.system.address(0)));
        let mut load = Box::pin(Load::start(&self.system, &self.crew, USUAL, plan.seed)).await?;
        let recorder = load.recorder();
        let mut probe = load.probe().await?;
        let (mut told, mut failures) = (Vec::new(), Vec::new());
        for (name, fault) in faults {
            let cuts = fault != Faults::half_open();
            let since = recorder.now();
            self.proxy.set(fault);
            if cuts {
                self.proxy.cut_all();
            }
            tokio::time::sleep(plan.pick(LASTS.1, LASTS.0)).await;
            let until = recorder.now();
            self.proxy.heal();
            let healed = Instant::now();
            let works = match what {
                "bus" => Box::pin(probe.shown_elsewhere(&load, &near, &far, healed)).await?,
                _ => probe.acknowledged(&load, std::slice::from_ref(&far), healed).await?,
            };
            if works > goal {
                failures.push(format!("{name}: works again after {works:.1?}"));
            }
            let took = latencies(&recorder.so_far(), &(since..until));
            told.push(format!(
                "{name}: {} acked meanwhile, p50 {} ms; works again after {} ms",
                took.len(),
                quantile(&took, 0.5).as_millis(),
                works.as_millis()
            ));
            if took.is_empty() {
                failures
                    .push(format!("{name}: nothing was acknowledged meanwhile, not even on the other node"));
            }
        }
        let comebacks = load.comebacks();
        let name = format!("network-{what}-{}", plan.seed);
        let (mut counts, _) = Box::pin(settle(load, &name)).await?;
        counts.failures.append(&mut failures);
        let measured = told.join("; ");
        Ok(Tried { counts, comebacks, measured, goal: format!("works again within {} s", goal.as_secs()) })
    }
}
