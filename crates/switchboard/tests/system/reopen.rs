//! Taking up again what had ended.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::{Scene, count, has, is_queued};

on_shapes!(Embedded, Cluster: [
    a_visitor_returns_to_people, a_visitor_returns_to_the_automation, a_deactivated_automation_means_people,
    an_agent_reopens,
]);

async fn a_visitor_returns_to_people(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    scene.agent.act(&id, "resolve", json!({})).await?;
    scene.agent.presence("away").await?;
    visitor.say(&id, "me again").await?;
    let state = visitor.conversation(&id).await?;
    ensure!(state["status"] == "open" && is_queued(&state), "{state}");
    let entries = visitor.entries(&id).await?;
    ensure!(count(&entries, "reopened") == 1, "{entries:?}");
    ensure!(
        entries.last().is_some_and(|entry| entry["kind"] != "event" || entry["body"]["event"] != "reopened")
    );
    scene.agent.presence("online").await?;
    scene.agent.until(&id, "assigned", SOON, |c| has(c, &scene.agent)).await?;
    Ok(())
}

async fn a_visitor_returns_to_the_automation(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let visitor = scene.system.visitor().await?;
    let id = visitor.ask_automation("mat", "one").await?;
    visitor.until_texts(&id, "automation", 1, SOON).await?;
    visitor.http.post(&format!("/visitor/conversations/{id}/resolve"), json!({})).await?.expect(200)?;
    visitor.say(&id, "two three").await?;
    ensure!(visitor.until_texts(&id, "automation", 2, SOON).await? == ["mat", "mat mat"]);
    Ok(())
}

async fn a_deactivated_automation_means_people(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let visitor = scene.system.visitor().await?;
    let id = visitor.ask_automation("mat", "one").await?;
    visitor.until_texts(&id, "automation", 1, SOON).await?;
    visitor.http.post(&format!("/visitor/conversations/{id}/resolve"), json!({})).await?.expect(200)?;
    scene.admin.http.patch("/automations/mat", json!({ "active": false })).await?.expect(200)?;
    visitor.say(&id, "two").await?;
    scene.agent.until(&id, "given to a person", SOON, |c| has(c, &scene.agent)).await?;
    Ok(())
}

async fn an_agent_reopens(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (_visitor, id) = scene.chatting().await?;
    scene.agent.act(&id, "resolve", json!({})).await?;
    let open = scene.agent.act(&id, "reopen", json!({})).await?;
    ensure!(open["status"] == "open" && has(&open, &scene.agent), "{open}");
    ensure!(count(&scene.agent.entries(&id).await?, "reopened") == 1);
    scene.agent.say(&id, "forgot something").await?;
    Ok(())
}
