//! Private notes: for staff only, on every way a visitor could look.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON, unique};

use crate::support::{Scene, insist};

on_shapes!(Embedded, Cluster: [a_visitor_never_sees_a_note]);

const SECRET: &str = "private: the visitor is the king of Spain";

async fn a_visitor_never_sees_a_note(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let colleague = scene.second().await?;
    let mut window = visitor.socket().await?;
    window.send(&json!({ "type": "resume", "conversation": id, "last_seq": 0 })).await?;

    let before = visitor.conversation(&id).await?;
    let body = json!({ "client_msg_id": unique("note"), "body": { "text": SECRET } });
    let note = colleague.http.post(&format!("/conversations/{id}/notes"), body).await?.expect(201)?;
    ensure!(note["kind"] == "note", "{note}");
    let client = unique("note");
    let frame =
        json!({ "type": "note", "conversation": id, "client_msg_id": client, "body": { "text": SECRET } });
    let ack = insist(&mut scene.socket, &frame).await?;
    ensure!(ack["type"] == "ack", "{ack}");

    // The head that a visitor is shown is one that it can see.
    let after = visitor.conversation(&id).await?;
    ensure!(
        after["head"] == before["head"] && after["head_id"] == before["head_id"],
        "{before} then {after}"
    );
    ensure!(scene.agent.conversation(&id).await?["head"] == ack["seq"]);

    scene.agent.say(&id, "after the notes").await?;
    let shown = window
        .expect_where("the message", SOON, |f| {
            f["type"] == "entry" && f["entry"]["body"]["text"] == "after the notes"
        })
        .await?;
    ensure!(shown["entry"]["seq"].as_u64() > ack["seq"].as_u64(), "{shown}");

    // Who says it has a note is told nothing of it, also by a node that has it at hand.
    let hello = json!({ "type": "hello", "token": visitor.token });
    let mut claimant = visitor.open().await?;
    claimant.send(&hello).await?;
    let epoch = claimant.expect("welcome", SOON).await?["epoch"].clone();
    let place = json!({ "type": "resume", "conversation": id, "epoch": epoch, "last_seq": ack["seq"], "last_id": ack["id"] });
    claimant.send(&place).await?;
    ensure!(claimant.expect("reset", SOON).await?["reason"] == "mismatch");

    // Live, by replay from any number, by HTTP in both directions.
    window.send(&json!({ "type": "resume", "conversation": id, "last_seq": 0 })).await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    for frame in window.frames() {
        ensure!(!frame.to_string().contains("king of Spain"), "{frame}");
    }
    for page in ["after=0", "before=1000", "after=1"] {
        let page =
            visitor.http.get(&format!("/visitor/conversations/{id}/entries?{page}")).await?.expect(200)?;
        ensure!(!page.to_string().contains("king of Spain"), "{page}");
    }
    let list = visitor.http.get("/visitor/conversations").await?.expect(200)?;
    ensure!(!list.to_string().contains("king of Spain"), "{list}");
    // Both notes are there for staff.
    let entries = scene.agent.entries(&id).await?;
    ensure!(entries.iter().filter(|entry| entry["kind"] == "note").count() == 2, "{entries:?}");
    Ok(())
}
