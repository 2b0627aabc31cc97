//! An agent says how urgent a conversation is: the urgent one of a queue goes first.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::{Scene, has};

on_shapes!(Embedded, Cluster: [the_urgent_one_goes_first]);

async fn the_urgent_one_goes_first(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let agent = format!("/agents/{}", scene.agent.id);
    scene.admin.http.patch(&agent, json!({ "capacity": 0 })).await?.expect(200)?;
    let (one, two) = (scene.system.visitor().await?, scene.system.visitor().await?);
    let (first, second) = (one.ask_people("hello").await?, two.ask_people("it burns").await?);
    let path = format!("/conversations/{second}/priority");
    let refused = scene.agent.http.post(&path, json!({ "priority": "very" })).await?.problem(422)?;
    ensure!(refused["errors"]["priority"].is_string(), "{refused}");
    let shown = scene.agent.http.post(&path, json!({ "priority": "urgent" })).await?.expect(200)?;
    ensure!(shown["priority"] == "urgent" && shown["queue"]["position"] == 1, "{shown}");
    let behind = one.conversation(&first).await?;
    ensure!(behind["queue"]["position"] == 2 && behind["priority"].is_null(), "{behind}");

    scene.admin.http.patch(&agent, json!({ "capacity": 1 })).await?.expect(200)?;
    scene.agent.until(&second, "assigned", SOON, |c| has(c, &scene.agent)).await?;
    let list = scene.agent.http.get("/conversations?view=mine").await?.expect(200)?;
    ensure!(list["items"][0]["priority"] == "urgent", "{list}");
    Ok(())
}
