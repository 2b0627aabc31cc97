//! The bus goes away and comes back: it costs latency, never a message.

use std::time::Duration;

use anyhow::{Context, ensure};
use switchboard_testkit::{Client, Shape, on_shapes, staff::SOON};

use crate::support::{Scene, has};

/// How long everything may take to settle once the bus is back.
const SETTLE: Duration = Duration::from_secs(30);
/// Guarantee 11: readers on other nodes catch up within this of its return, here with room for a slow machine.
const CAUGHT_UP: Duration = Duration::from_secs(5);

on_shapes!(Cluster, Split: [killed_and_back, frozen_and_back]);

async fn killed_and_back(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let (window, console) = (
        Client::visitor(&visitor, &[scene.system.http()]),
        Client::agent(&scene.agent, &[scene.system.far_http()]),
    );
    window.follow(&id);
    console.follow(&id);
    window.shown(&id, 1, SOON).await?;
    console.shown(&id, 1, SOON).await?;
    let nats = scene.system.nats.as_ref().context("no bus")?;
    nats.kill()?;
    let down: Vec<String> = (0..10).map(|n| window.send(&id, &format!("down {n}"))).collect();
    if shape == Shape::Cluster {
        // Each node has a dbmgr of its own, so it takes messages without the bus.
        window.drained(SOON).await.context("a node without a bus must still take messages")?;
        ensure!(scene.system.http().raw(http::Method::GET, "/healthz", None).await?.status == 200);
    }
    scene.system.until_status("/readyz", 503, SOON).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    nats.restart()?;
    scene.system.until_status("/readyz", 200, SETTLE).await?;
    window.drained(SETTLE).await?;
    let history = visitor.entries(&id).await?;
    let deadline = if shape == Shape::Cluster { CAUGHT_UP } else { SETTLE };
    console.shown(&id, scene.agent.entries(&id).await?.len(), deadline).await?;
    window.shown(&id, history.len(), deadline).await?;
    window.check(&id, &history)?;
    console.check(&id, &scene.agent.entries(&id).await?)?;
    ensure!(down.iter().all(|id| window.acks().contains_key(id)));

    // And it works on as before, automations included.
    let other = scene.system.visitor().await?;
    let mat = other.ask_automation("mat", "is it back?").await?;
    ensure!(other.until_texts(&mat, "automation", 1, SETTLE).await? == ["mat mat mat?"]);
    Ok(())
}

async fn frozen_and_back(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let window = Client::visitor(&visitor, &[scene.system.http()]);
    window.follow(&id);
    window.shown(&id, 1, SOON).await?;
    let nats = scene.system.nats.as_ref().context("no bus")?;
    nats.pause()?;
    for n in 0..5 {
        let _ = window.send(&id, &format!("frozen {n}"));
    }
    tokio::time::sleep(Duration::from_secs(4)).await;
    nats.resume()?;
    window.drained(SETTLE).await?;
    let history = visitor.entries(&id).await?;
    window.shown(&id, history.len(), SETTLE).await?;
    window.check(&id, &history)?;
    // The agent's window was quiet for four seconds only: the conversation is still with the agent, or comes back.
    scene
        .agent
        .until(&id, "with an agent or in the queue", SETTLE, |c| {
            has(c, &scene.agent) || c["owner"]["kind"] == "queue"
        })
        .await?;
    Ok(())
}
