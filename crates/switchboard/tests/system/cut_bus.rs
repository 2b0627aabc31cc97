//! A node loses its connection to the bus, again and again, while somebody on another node goes on to write: its readers
//! are given what it did not hear before what it hears next.

use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use switchboard_testkit::proxy::Faults;
use switchboard_testkit::{Client, Proxy, Shape, on_shapes, staff::SOON, system::Setup};

use crate::support::has;

/// How often the connection is cut.
const CUTS: usize = 4;
/// How long it is away each time, and there each time.
const AWAY: Duration = Duration::from_millis(400);
/// An agent writes this often: faster than a gap is looked at.
const EVERY: Duration = Duration::from_millis(25);
/// How long everything may take to settle in the end.
const SETTLE: Duration = Duration::from_secs(20);

on_shapes!(Cluster: [what_was_not_heard_comes_first]);

async fn what_was_not_heard_comes_first(shape: Shape) -> anyhow::Result<()> {
    let proxy = Arc::new(Proxy::start("127.0.0.1:1", 1).await?);
    let system = Setup::new(shape).bus_through("node-1", &proxy).start().await?;
    let admin = system.admin().await?;
    let agent = system.agent(&admin).await?;
    let _socket = agent.online().await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("hello").await?;
    agent.until(&id, "assigned", SOON, |c| has(c, &agent)).await?;
    let console = Client::agent(&agent, &[system.http()]);
    let window = Client::visitor(&visitor, &[system.far_http()]);
    console.follow(&id);
    window.follow(&id);
    window.shown(&id, 1, SOON).await?;

    let mut ticks = tokio::time::interval(EVERY);
    let per_phase = AWAY.as_millis() / EVERY.as_millis();
    for cut in 0..CUTS {
        for phase in ["there", "away"] {
            if phase == "away" {
                proxy.set(Faults::refusing());
                proxy.cut_all();
            } else {
                proxy.heal();
            }
            for n in 0..per_phase {
                ticks.tick().await;
                let _ = console.send(&id, &format!("{phase} {cut}: {n}"));
            }
        }
    }
    proxy.heal();
    for n in 0..per_phase {
        ticks.tick().await;
        let _ = console.send(&id, &format!("in the end {n}"));
    }
    console.drained(SETTLE).await?;
    ensure!(console.refused().is_empty(), "{:?}", console.refused());
    let history = visitor.entries(&id).await?;
    window.shown(&id, history.len(), SETTLE).await?;
    ensure!(window.connections() == 1, "it came back, and so was shown everything again");
    window.check(&id, &history)
}
