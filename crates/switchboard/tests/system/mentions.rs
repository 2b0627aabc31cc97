//! A private note calls a colleague: on every node, at once and for whoever was not there.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON, unique};

use crate::support::Scene;

on_shapes!(Embedded, Cluster: [a_note_calls_a_colleague]);

async fn a_note_calls_a_colleague(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let second = scene.second().await?;
    let mut far = second.clone();
    far.http = far.http.at(scene.system.far_http().address());
    let mut theirs = far.socket().await?;
    let mut window = visitor.socket().await?;
    let note = |text: &str| json!({ "client_msg_id": unique("note"), "body": { "text": text } });
    let path = format!("/conversations/{id}/notes");
    let name = &second.username;

    let body = note(&format!("@{name} have a look"));
    scene.agent.http.post(&path, body.clone()).await?.expect(201)?;
    let told = theirs.expect("mention", SOON).await?;
    let mention = &told["mention"];
    ensure!(mention["conversation"] == id.as_str() && mention["read"] == false, "{told}");
    // The same note once more calls nobody once more; a note that calls nobody, and a message, neither.
    scene.agent.http.post(&path, body).await?.expect(200)?;
    scene.agent.http.post(&path, note("nobody at all")).await?.expect(201)?;
    scene.agent.say(&id, &format!("ask @{name}")).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    ensure!(theirs.of_type("mention").len() == 1, "called more than once");
    ensure!(
        scene.socket.of_type("mention").is_empty() && window.of_type("mention").is_empty(),
        "others heard of it"
    );

    // Who was away finds it.
    theirs.close().await;
    scene.agent.http.post(&path, note(&format!("once more, @{name}."))).await?.expect(201)?;
    let list = far.http.get("/mentions").await?.expect(200)?;
    let items = list["items"].as_array().map_or(0, Vec::len);
    ensure!(items == 2 && list["items"][0]["preview"] == format!("once more, @{name}."), "{list}");
    far.http.post("/mentions/read", json!({ "conversation": id })).await?.expect(204)?;
    let list = far.http.get("/mentions").await?.expect(200)?;
    ensure!(list["items"][0]["read"] == true && list["items"][1]["read"] == true, "{list}");
    window.send(&json!({ "type": "typing", "conversation": id })).await?;
    Ok(())
}
