//! The estimate of a waiting time is there for whoever asks, on any node, not only for whoever was connected when it was
//! told.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use switchboard_testkit::{Shape, on_shapes};

use crate::support::Scene;

on_shapes!(Embedded, Cluster: [whoever_asks_is_told_how_long_it_takes]);

/// Changed places are told at most every ten seconds.
const TOLD: Duration = Duration::from_secs(40);

async fn whoever_asks_is_told_how_long_it_takes(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    scene.agent.presence("away").await?;
    let mut waiting = Vec::new();
    for n in 0..5 {
        let visitor = scene.system.visitor().await?;
        let id = visitor.ask_people(&format!("number {n}")).await?;
        waiting.push((visitor, id));
    }
    let (last, id) = waiting.pop().context("five wait")?;
    ensure!(last.conversation(&id).await?["queue"]["estimate_s"].is_null(), "there is no basis yet");
    for (_, id) in &waiting[..3] {
        scene.agent.act(id, "claim", json!({})).await?;
        tokio::time::sleep(Duration::from_millis(1_500)).await;
    }
    let is_told = |c: &Value| c["queue"]["position"] == 2 && c["queue"]["estimate_s"].is_i64();
    let (told, _) = last.until(&id, "an estimate", TOLD, is_told).await?;
    let mut far = last.clone();
    far.http = far.http.at(scene.system.far_http().address());
    let (there, _) = far.until(&id, "the same elsewhere", TOLD, is_told).await?;
    ensure!(there["queue"]["estimate_s"].as_i64().is_some_and(|s| s > 0), "{told} {there}");
    let list = far.http.get("/visitor/conversations").await?.expect(200)?;
    ensure!(list["items"][0]["queue"]["estimate_s"].is_i64(), "{list}");
    ensure!(scene.agent.conversation(&id).await?["queue"]["estimate_s"].is_i64(), "agents see it too");
    Ok(())
}
