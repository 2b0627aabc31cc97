//! One `client_msg_id` is one message, for ever: over HTTP, over the socket, across both and across a restart.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, System, on_shapes, unique};

use crate::support::{answer, send, texts};

on_shapes!(Embedded, Cluster, Split: [a_repeated_message_is_the_same_message, a_repeated_start_is_the_same_conversation]);

async fn a_repeated_message_is_the_same_message(shape: Shape) -> anyhow::Result<()> {
    let mut system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("first").await?;
    let path = format!("/visitor/conversations/{id}/messages");
    let client = unique("same");
    let body = json!({ "client_msg_id": client, "body": { "text": "once" } });
    let other = json!({ "client_msg_id": client, "body": { "text": "twice" } });

    let entry = visitor.http.post(&path, body.clone()).await?.expect(201)?;
    ensure!(
        visitor.http.post(&path, body.clone()).await?.expect(200)? == entry,
        "another entry for a repeat"
    );
    visitor.http.post(&path, other.clone()).await?.problem(409)?;
    // The id is compared byte by byte: other case, other message.
    let upper = json!({ "client_msg_id": client.to_uppercase(), "body": { "text": "thrice" } });
    visitor.http.post(&path, upper).await?.expect(201)?;

    let mut socket = visitor.socket().await?;
    socket.send(&send(&id, &client, "once")).await?;
    let ack = answer(&mut socket, &client).await?;
    ensure!(
        ack["type"] == "ack" && ack["seq"] == entry["seq"] && ack["id"] == entry["id"],
        "{ack} for {entry}"
    );
    ensure!(ack["at"] == entry["at"], "{ack} for {entry}");
    socket.send(&send(&id, &client, "twice")).await?;
    let nack = answer(&mut socket, &client).await?;
    ensure!(nack["type"] == "nack" && nack["code"] == "conflict", "{nack}");
    drop(socket);

    let names = system.part_names();
    for name in &names {
        system.kill(name)?;
    }
    for name in &names {
        system.launch(name)?;
    }
    for name in &names {
        system.await_ready(name).await?;
    }
    ensure!(visitor.http.post(&path, body).await?.expect(200)? == entry, "another entry after a restart");
    visitor.http.post(&path, other).await?.problem(409)?;
    let entries = visitor.entries(&id).await?;
    ensure!(texts(&entries) == ["first", "once", "thrice"], "{entries:?}");
    Ok(())
}

async fn a_repeated_start_is_the_same_conversation(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let start =
        json!({ "to": { "people": true }, "client_msg_id": unique("start"), "body": { "text": "hi" } });
    let made = visitor.http.post("/visitor/conversations", start.clone()).await?.expect(201)?;
    let again = visitor.http.post("/visitor/conversations", start.clone()).await?.expect(200)?;
    ensure!(again["id"] == made["id"], "{again} is not {made}");
    let id = made["id"].as_str().unwrap_or_default();
    ensure!(texts(&visitor.entries(id).await?) == ["hi"]);
    // Another visitor's equal id is another conversation.
    let other = system.visitor().await?;
    let theirs = other.http.post("/visitor/conversations", start).await?.expect(201)?;
    ensure!(theirs["id"] != made["id"], "two visitors share {made}");
    Ok(())
}
