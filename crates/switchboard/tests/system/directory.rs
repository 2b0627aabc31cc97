//! What a visitor may start with, and to whom an agent may pass on.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use switchboard_testkit::{Shape, on_shapes};

use crate::support::Scene;

on_shapes!(Embedded, Split: [both_directories_tell_the_truth]);

fn named<'a>(list: &'a Value, name: &str) -> Option<&'a Value> {
    list.as_array()?.iter().find(|item| item["name"] == name || item["id"] == name)
}

async fn both_directories_tell_the_truth(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let visitor = scene.system.visitor().await?;
    let shown = visitor.http.get("/visitor/directory").await?.expect(200)?;
    ensure!(shown["people"]["available"] == true, "{shown}");
    for name in ["chat", "mat"] {
        let automation = named(&shown["automations"], name);
        let title = automation.and_then(|automation| automation["title"].as_str()).unwrap_or_default();
        ensure!(!title.is_empty(), "{name} in {shown}");
    }
    scene.admin.http.patch("/automations/mat", json!({ "public": false })).await?.expect(200)?;
    let shown = visitor.http.get("/visitor/directory").await?.expect(200)?;
    ensure!(named(&shown["automations"], "mat").is_none(), "{shown}");
    let start = json!({ "to": { "automation": "mat" } });
    visitor.http.post("/visitor/conversations", start).await?.problem(404)?;
    visitor
        .http
        .post("/visitor/conversations", json!({ "to": { "team": "none-such" } }))
        .await?
        .problem(404)?;

    let (_visitor, _id) = scene.chatting().await?;
    let inner = scene.agent.http.get("/directory").await?.expect(200)?;
    let me = named(&inner["agents"], &scene.agent.id);
    ensure!(
        me.is_some_and(|me| me["status"] == "online" && me["open"] == 1 && me["capacity"] == 4),
        "{inner}"
    );
    ensure!(me.is_some_and(|me| me["since"].is_string()), "{inner}");
    ensure!(named(&inner["teams"], "General").is_some(), "{inner}");
    // Who waits while there is no room, and since when; admins see it too.
    let night = scene.admin.http.post("/teams", json!({ "name": "Night" })).await?.expect(201)?;
    let team = night["team"]["id"].as_str().context("no id")?;
    let waiting = scene.system.visitor().await?;
    waiting.http.post("/visitor/conversations", json!({ "to": { "team": team } })).await?.expect(201)?;
    let seen = scene.admin.http.get("/directory").await?.expect(200)?;
    let there = named(&seen["teams"], "Night").with_context(|| format!("{seen}"))?;
    ensure!(there["waiting"] == 1 && there["waiting_since"].is_string(), "{seen}");
    ensure!(seen["waiting"] == 0 && seen["waiting_since"].is_null(), "{seen}");
    // Not public is for visitors; an agent may still pass on to it.
    ensure!(named(&inner["automations"], "mat").is_some(), "{inner}");
    Ok(())
}
