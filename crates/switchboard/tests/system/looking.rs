//! Agents see which of them has the same conversation before their eyes; visitors never do.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::Scene;

on_shapes!(Embedded, Cluster: [agents_see_who_else_is_looking]);

async fn agents_see_who_else_is_looking(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let second = scene.second().await?;
    let mut theirs = second.socket().await?;
    theirs.send(&json!({ "type": "resume", "conversation": id, "last_seq": 0 })).await?;
    theirs.expect("entry", SOON).await?;
    let mut visitors = visitor.socket().await?;
    let Scene { mut socket, agent, .. } = scene;

    let look = json!({ "type": "looking", "conversation": id });
    theirs.send(&look).await?;
    let seen = socket.expect("looking", SOON).await?;
    ensure!(seen["conversation"] == id.as_str() && seen["author"]["id"] == second.id.as_str(), "{seen}");
    socket.send(&look).await?;
    let seen = theirs.expect("looking", SOON).await?;
    ensure!(seen["author"]["id"] == agent.id.as_str(), "not the other one: {seen}");

    // A visitor neither hears of it nor may say so.
    visitors.send(&look).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    ensure!(visitors.of_type("looking").is_empty(), "the visitor was told");
    ensure!(socket.of_type("looking").len() == 1, "a visitor was taken for an agent");
    Ok(())
}
