//! Every connection of every client is cut again and again.

use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use switchboard_testkit::system::Setup;
use switchboard_testkit::{Faults, Http, Proxy, Shape, System, wait};

use super::Tried;
use crate::figures::settle;
use crate::load::{Crew, Load, Mix};
use crate::plan::Plan;

/// Bytes after which a connection is cut, at most: an upgrade has some 400 and a hello 150 in one direction, a
/// welcome with its replay some thousands in the other.
const CUT_AFTER: u64 = 3_000;
/// Who takes part at full length. Agents follow all conversations with people, whoever has them at the moment, and an agent
/// may follow 20 of others (contract, 3).
const MANY: Mix = Mix { people: 20, mat: 10, chat: 10 };
/// Who takes part at short length.
const FEW: Mix = Mix { people: 6, mat: 2, chat: 2 };
/// Agents who answer.
const AGENTS: usize = 3;
/// How often clients come back, in each shape, at full and at short length.
const COMEBACKS: (usize, usize) = (10_000, 200);
/// How long that may take: the longest of a run.
const PATIENCE: Duration = Duration::from_secs(420);
/// How long the last client may take to be back once the network is good.
const BACK: Duration = Duration::from_secs(30);
/// All clients of a shape come from the proxy's address.
const CONFIGURATION: &str = "[limits]\nsockets_per_address = 0\n";

/// Both shapes; briefly, the one alone.
pub(super) async fn run(plan: &Plan) -> Vec<(&'static str, &'static str, anyhow::Result<Tried>)> {
    let mut all = Vec::new();
    for shape in plan.shapes(plan.pick(&[Shape::Cluster][..], &[Shape::Embedded, Shape::Cluster])) {
        let place = match shape {
            Shape::Embedded => "one serve",
            Shape::Cluster => "two serve",
            Shape::Split => "web",
        };
        all.push(("cut", place, Box::pin(cut(plan, shape)).await));
    }
    all
}

/// The nodes of a system, each behind a proxy of its own.
pub(super) async fn behind_proxies(
    system: &System,
    seed: u64,
) -> anyhow::Result<(Vec<Http>, Vec<Arc<Proxy>>)> {
    let (mut nodes, mut proxies) = (Vec::new(), Vec::new());
    for n in 0..system.node_count() {
        let address = system.address(n);
        let proxy = Arc::new(Proxy::start(&address, seed.wrapping_add(n as u64)).await?);
        nodes.push(Http::new(&address).through(&proxy.address()));
        proxies.push(proxy);
    }
    Ok((nodes, proxies))
}

async fn cut(plan: &Plan, shape: Shape) -> anyhow::Result<Tried> {
    let system = Setup::new(shape).configuration(CONFIGURATION).start().await?;
    let crew = Crew::hire(&system, AGENTS).await?;
    let (nodes, proxies) = behind_proxies(&system, plan.seed).await?;
    let mix = plan.pick(FEW, MANY);
    let load = Box::pin(Load::start_by(nodes, &crew, mix, plan.seed)).await?;
    proxies.iter().for_each(|proxy| {
        proxy.set(Faults::cutting(1..CUT_AFTER));
        proxy.cut_all();
    });
    let wanted = plan.cycles(COMEBACKS.1, COMEBACKS.0);
    let waiting = wait::until("clients that come back", PATIENCE, async || {
        Ok((load.comebacks() >= wanted).then_some(()))
    });
    let (_, took) = Box::pin(waiting).await?;
    proxies.iter().for_each(|proxy| proxy.heal());
    let back = wait::until("everybody is back", BACK, async || {
        let (connected, all) = load.connected();
        Ok((connected == all).then_some(()))
    });
    let (_, back) = Box::pin(back).await?;
    let (comebacks, cuts) = (load.comebacks(), proxies.iter().map(|proxy| proxy.cuts()).sum::<u64>());
    let name = format!("network-cut-{shape:?}-{}", plan.seed);
    let (counts, _) = Box::pin(settle(load, &name)).await?;
    ensure!(counts.acked > 0, "nothing was acknowledged all the while");
    Ok(Tried {
        counts,
        comebacks,
        measured: format!(
            "{cuts} connections cut in {:.0} s; everybody back {} ms after the last",
            took.as_secs_f64(),
            back.as_millis()
        ),
        goal: format!("{wanted} resumed, all whole"),
    })
}
