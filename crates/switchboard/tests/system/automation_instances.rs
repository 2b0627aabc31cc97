//! Any number of instances share the turns of an automation, and none of them is missed when it goes.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::json;
use switchboard_testkit::puppet::{Puppet, Role, says};
use switchboard_testkit::{Shape, System, on_shapes, staff::SOON, wait};

on_shapes!(Cluster, Split: [instances_share_the_work]);

/// Contract §6: a new service appears within this.
const DISCOVERED: Duration = Duration::from_secs(10);
/// Turns asked; that one of two instances gets none of them happens once in 2^19 runs.
const TURNS: usize = 20;

async fn instances_share_the_work(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let url = system.nats.as_ref().context("no bus")?.url();
    let start = || Puppet::start(&url, Role::honest("twins", "Twins"), |_| vec![says(&["here"])]);
    let (one, other) = (start(), start());
    let found = wait::until("twins in the list", DISCOVERED, async || {
        let list = admin.http.get("/automations").await?.expect(200)?.to_string();
        Ok(list.contains("Twins").then_some(()))
    });
    Box::pin(found).await?;
    admin.http.patch("/automations/twins", json!({ "active": true })).await?.expect(200)?;
    let visitor = system.visitor().await?;
    for _ in 0..TURNS {
        let id = visitor.ask_automation("twins", "hello").await?;
        visitor.until_texts(&id, "automation", 1, SOON).await?;
    }
    ensure!(one.asked() > 0 && other.asked() > 0, "{} and {}", one.asked(), other.asked());
    ensure!(one.asked() + other.asked() == TURNS, "each turn went to one of them");
    drop(other);
    // The server has noticed when the socket is closed; whoever was asked meanwhile is asked again.
    for _ in 0..TURNS {
        let id = visitor.ask_automation("twins", "hello").await?;
        visitor.until_texts(&id, "automation", 1, Duration::from_secs(10)).await?;
    }
    Ok(())
}
