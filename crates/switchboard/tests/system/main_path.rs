//! The main job, as everybody meets it: a stranger chats with Mat, asks for a person, and a person answers.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::{Scene, count, events, has, seqs, texts};

on_shapes!(Embedded, Cluster, Split: [a_stranger_chats_with_mat_then_with_a_person]);

async fn a_stranger_chats_with_mat_then_with_a_person(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let visitor = scene.system.visitor().await?;
    let id = visitor.ask_automation("mat", "how are you?").await?;
    ensure!(visitor.until_texts(&id, "automation", 1, SOON).await? == ["mat mat mat?"]);

    // The visitor's socket is on another node than the agent's, where there are two.
    let mut near = visitor.clone();
    near.http = near.http.at(scene.system.far_http().address());
    let mut window = near.socket().await?;

    visitor.http.post(&format!("/visitor/conversations/{id}/handoff"), json!({})).await?.expect(200)?;
    let shown = window
        .expect_where("the agent's name", SOON, |f| {
            f["type"] == "conversation" && f["conversation"]["owner"]["kind"] == "agent"
        })
        .await?;
    ensure!(shown["conversation"]["owner"]["name"] == format!("Display {}", scene.agent.username), "{shown}");
    let given = scene
        .socket
        .expect_where("the conversation", SOON, |f| {
            f["type"] == "conversation" && f["conversation"]["id"] == id.as_str()
        })
        .await?;
    ensure!(given["conversation"]["head"].as_u64() > Some(3), "{given}");

    scene.agent.say(&id, "Maya here, how can I help?").await?;
    let is_text =
        |f: &serde_json::Value, text: &str| f["type"] == "entry" && f["entry"]["body"]["text"] == text;
    window.expect_where("the reply", SOON, |f| is_text(f, "Maya here, how can I help?")).await?;
    visitor.say(&id, "thank you").await?;
    scene.socket.expect_where("the thanks", SOON, |f| is_text(f, "thank you")).await?;

    scene.agent.act(&id, "resolve", json!({})).await?;
    let (done, _) = visitor.until(&id, "resolved", SOON, |c| c["status"] == "resolved").await?;
    ensure!(done["owner"]["kind"] == "none", "{done}");

    visitor.say(&id, "one more thing").await?;
    scene.agent.until(&id, "given back", SOON, |c| has(c, &scene.agent) && c["status"] == "open").await?;

    let entries = scene.agent.entries(&id).await?;
    let all: Vec<u64> = (1..=entries.len() as u64).collect();
    ensure!(seqs(&entries) == all, "gaps: {:?}", seqs(&entries));
    ensure!(
        texts(&entries)
            == ["how are you?", "mat mat mat?", "Maya here, how can I help?", "thank you", "one more thing"],
        "{entries:?}"
    );
    for (event, times) in
        [("started", 1), ("handed_off", 1), ("assigned", 2), ("resolved", 1), ("reopened", 1)]
    {
        ensure!(count(&entries, event) == times, "{event} not {times} times: {:?}", events(&entries));
    }
    ensure!(visitor.entries(&id).await? == entries, "without notes both see the same");
    Ok(())
}
