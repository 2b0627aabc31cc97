//! An admin deletes a team with waiting visitors: they wait on for everybody, and nobody loses a conversation.

use anyhow::{Context, ensure};
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::{REQUEUED, Scene, events, has, is_queued};

on_shapes!(Embedded, Cluster: [who_waits_is_everybodys, deleted_by_hand_it_is_the_same]);

async fn sales(scene: &Scene) -> anyhow::Result<String> {
    let made = scene.admin.http.post("/teams", json!({ "name": "Sales" })).await?.expect(201)?;
    Ok(made["team"]["id"].as_str().context("no id")?.to_owned())
}

async fn who_waits_is_everybodys(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let sales = sales(&scene).await?;
    let visitor = scene.system.visitor().await?;
    let made = visitor.start(json!({ "team": sales }), Some("hello")).await?;
    let id = made["id"].as_str().unwrap_or_default().to_owned();
    ensure!(is_queued(&visitor.conversation(&id).await?));
    scene.agent.http.get(&format!("/conversations/{id}")).await?.problem(404)?;

    scene.admin.http.delete(&format!("/teams/{sales}")).await?.expect(204)?;
    scene.agent.until(&id, "assigned", SOON, |c| has(c, &scene.agent)).await?;
    let entries = visitor.entries(&id).await?;
    ensure!(events(&entries) == ["started", "left_message", "assigned"], "{entries:?}");
    scene.admin.http.delete(&format!("/teams/{sales}")).await?.problem(404)?;
    let audit = scene.admin.http.get("/audit").await?.expect(200)?;
    ensure!(audit.to_string().contains("team.deleted"), "{audit}");
    // The name is free again.
    self::sales(&scene).await?;
    Ok(())
}

async fn deleted_by_hand_it_is_the_same(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let sales = sales(&scene).await?;
    let visitor = scene.system.visitor().await?;
    let made = visitor.start(json!({ "team": sales }), Some("hello")).await?;
    let id = made["id"].as_str().unwrap_or_default().to_owned();
    scene.system.database.sql("DELETE FROM teams WHERE name = 'Sales'")?;
    let what = "given to somebody";
    visitor.until(&id, what, REQUEUED + SOON, |c| c["owner"]["kind"] == "agent").await?;
    Ok(())
}
