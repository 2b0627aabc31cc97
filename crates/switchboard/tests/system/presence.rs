//! Online, away, offline: who is given conversations and who keeps them.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::{REQUEUED, Scene, count, has, is_queued};

on_shapes!(Embedded, Cluster: [
    offline_gives_everything_back, away_keeps_and_gets_nothing_new, signing_out_gives_everything_back,
    online_needs_a_socket, a_reload_keeps_everything,
]);

async fn offline_gives_everything_back(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    scene.agent.presence("offline").await?;
    let (state, took) = visitor.until(&id, "requeued", REQUEUED, is_queued).await?;
    ensure!(state["queue"]["position"] == 1, "after {took:?}: {state}");
    ensure!(count(&visitor.entries(&id).await?, "requeued") == 1);
    ensure!(scene.agent.http.get("/presence").await?.expect(200)?["status"] == "offline");
    let other = scene.second().await?;
    let _socket = other.online().await?;
    other.until(&id, "given to the next agent", SOON, |c| has(c, &other)).await?;
    Ok(())
}

async fn away_keeps_and_gets_nothing_new(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (_visitor, id) = scene.chatting().await?;
    scene.agent.presence("away").await?;
    let other = scene.system.visitor().await?;
    let waiting = other.ask_people("anybody?").await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    ensure!(is_queued(&other.conversation(&waiting).await?), "an agent who is away was given a conversation");
    ensure!(has(&scene.agent.conversation(&id).await?, &scene.agent), "away lost a conversation");
    scene.agent.say(&id, "still with you").await?;
    scene.agent.presence("online").await?;
    scene.agent.until(&waiting, "assigned", SOON, |c| has(c, &scene.agent)).await?;
    Ok(())
}

async fn signing_out_gives_everything_back(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    scene.agent.http.delete("/session").await?.expect(204)?;
    let (code, _) = scene.socket.closed(SOON).await?;
    ensure!(code == 4001, "closed with {code}");
    visitor.until(&id, "requeued", REQUEUED, is_queued).await?;
    let back = scene.agent.again().await?;
    ensure!(back.http.get("/presence").await?.expect(200)?["status"] == "offline");
    Ok(())
}

async fn online_needs_a_socket(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    scene.agent.presence("offline").await?;
    let without = scene.second().await?;
    without.presence("online").await?;
    let visitor = scene.system.visitor().await?;
    let id = visitor.ask_people("anybody?").await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    ensure!(is_queued(&visitor.conversation(&id).await?), "given to an agent without an open window");
    let _socket = without.socket().await?;
    without.until(&id, "assigned", SOON, |c| has(c, &without)).await?;
    Ok(())
}

async fn a_reload_keeps_everything(shape: Shape) -> anyhow::Result<()> {
    let Scene { system, agent, socket, .. } = Scene::open(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("hello").await?;
    agent.until(&id, "assigned", SOON, |c| has(c, &agent)).await?;
    socket.close().await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut again = agent.open().await?;
    again.send(&json!({ "type": "hello" })).await?;
    let welcome = again.expect("welcome", SOON).await?;
    ensure!(welcome["conversations"][0]["id"] == id.as_str(), "{welcome}");
    ensure!(has(&agent.conversation(&id).await?, &agent), "a reload lost the conversation");
    ensure!(count(&agent.entries(&id).await?, "requeued") == 0);
    Ok(())
}
