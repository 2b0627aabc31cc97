//! A restart by the operator: everybody is told when to come back, and the process ends by itself.

use std::time::Duration;

use anyhow::ensure;
use switchboard_testkit::{Client, Shape, Signal, on_shapes, staff::SOON};

use crate::support::Scene;

/// Guarantee 13: drained within this.
const DRAINED: Duration = Duration::from_secs(12);

on_shapes!(Embedded, Cluster, Split: [sockets_are_told_and_nothing_is_lost]);

async fn sockets_are_told_and_nothing_is_lost(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let mut window = visitor.socket().await?;
    let client = Client::visitor(&visitor, &[scene.system.http()]);
    client.follow(&id);
    for n in 0..20 {
        let _ = client.send(&id, &format!("number {n}"));
    }
    client.shown(&id, 5, SOON).await?;
    let name = scene.system.part_names().into_iter().find(|name| name == "web").unwrap_or("node-0".into());
    scene.system.process(&name)?.signal(Signal::Term)?;
    let (code, _) = window.closed(DRAINED).await?;
    ensure!(code == 1012, "closed with {code}");
    let bye = window.of_type("bye");
    ensure!(bye.len() == 1 && bye[0]["code"] == 1012 && bye[0]["retry_after"].is_number(), "{bye:?}");
    let status = scene.system.process(&name)?.wait(DRAINED)?;
    ensure!(status.success(), "{status}");
    scene.system.restart(&name).await?;
    client.drained(Duration::from_secs(30)).await?;
    let history = visitor.entries(&id).await?;
    client.shown(&id, history.len(), SOON).await?;
    client.check(&id, &history)
}
