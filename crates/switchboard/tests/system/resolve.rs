//! Ending a conversation.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON, unique};

use crate::support::{Scene, count, insist, send};

on_shapes!(Embedded, Cluster: [by_the_agent_who_has_it, by_the_visitor]);

async fn by_the_agent_who_has_it(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let other = scene.second().await?;
    let body = json!({ "fence": scene.agent.conversation(&id).await?["fence"] });
    let path = format!("/conversations/{id}/resolve");
    other.http.post(&path, body.clone()).await?.problem(409)?;
    let done = scene.agent.http.post(&path, body.clone()).await?.expect(200)?;
    ensure!(done["status"] == "resolved" && done["owner"]["kind"] == "none", "{done}");
    // Once more changes nothing.
    let again = scene.agent.http.post(&path, body).await?.expect(200)?;
    ensure!(again["fence"] == done["fence"], "{again}");
    ensure!(count(&scene.agent.entries(&id).await?, "resolved") == 1);

    // An agent cannot write into what has ended; the visitor can, and reopens it.
    let client = unique("late");
    let nack = insist(&mut scene.socket, &send(&id, &client, "too late")).await?;
    ensure!(nack["type"] == "nack" && nack["code"] == "resolved", "{nack}");
    let rating =
        visitor.http.post(&format!("/visitor/conversations/{id}/rating"), json!({ "score": 5 })).await?;
    rating.expect(204)?;
    for score in [0, 6] {
        let path = format!("/visitor/conversations/{id}/rating");
        visitor.http.post(&path, json!({ "score": score })).await?.problem(422)?;
    }
    Ok(())
}

async fn by_the_visitor(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let path = format!("/visitor/conversations/{id}/resolve");
    let done = visitor.http.post(&path, json!({})).await?.expect(200)?;
    ensure!(done["status"] == "resolved", "{done}");
    visitor.http.post(&path, json!({})).await?.expect(200)?;
    ensure!(count(&visitor.entries(&id).await?, "resolved") == 1);
    let told =
        |f: &serde_json::Value| f["type"] == "conversation" && f["conversation"]["status"] == "resolved";
    scene.socket.expect_where("the end", SOON, told).await?;
    // The place is free again: the next visitor gets this agent.
    scene.chatting().await?;
    Ok(())
}
