//! Supervisors read along and whisper: agents see it, visitors do not, and it is in the audit log.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON, unique};

use crate::support::{Scene, texts};

on_shapes!(Embedded, Split: [a_supervisor_reads_along_and_whispers]);

async fn a_supervisor_reads_along_and_whispers(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let window = visitor.socket().await?;
    let admin = scene.admin.http.clone();

    let held = admin.get(&format!("/agents/{}/conversations", scene.agent.id)).await?.expect(200)?;
    ensure!(held["items"][0]["id"] == id.as_str(), "{held}");
    let watch = format!("/conversations/{id}/watch");
    let seen = admin.post(&watch, json!({})).await?.expect(200)?;
    let entries = seen["entries"].as_array().cloned().unwrap_or_default();
    ensure!(texts(&entries) == ["hello"] && seen["conversation"]["id"] == id.as_str(), "{seen}");
    let hint = scene.socket.expect("looking", SOON).await?;
    ensure!(
        hint["author"]["kind"] == "supervisor" && hint["author"]["id"] == scene.admin.id.as_str(),
        "{hint}"
    );

    visitor.say(&id, "anybody there?").await?;
    let seen = admin.post(&watch, json!({ "after": seen["conversation"]["head"] })).await?.expect(200)?;
    let entries = seen["entries"].as_array().cloned().unwrap_or_default();
    ensure!(texts(&entries) == ["anybody there?"], "{seen}");

    let note = json!({ "client_msg_id": unique("whisper"), "body": { "text": "offer a refund" } });
    let path = format!("/conversations/{id}/whisper");
    let made = admin.post(&path, note.clone()).await?.expect(201)?;
    ensure!(made["kind"] == "note" && made["body"]["whisper"] == true, "{made}");
    ensure!(admin.post(&path, note).await?.expect(200)?["id"] == made["id"], "stored once");
    let frame = scene.socket.expect_where("entry", SOON, |f| f["entry"]["id"] == made["id"]).await?;
    ensure!(frame["entry"]["author"]["name"] == made["author"]["name"], "{frame}");
    let shown = visitor.entries(&id).await?;
    ensure!(!shown.iter().any(|entry| entry.to_string().contains("refund")), "the visitor was shown it");
    ensure!(window.of_type("looking").is_empty(), "the visitor was told");

    // Nobody else may, and an admin not by the agents' ways.
    for http in [&scene.agent.http, &visitor.http] {
        let status = http.post(&watch, json!({})).await?.status.as_u16();
        ensure!([401, 403].contains(&status), "{status}");
    }
    admin.get(&format!("/conversations/{id}")).await?.problem(403)?;
    let log = scene.system.super_admin().await?.http.get("/audit?limit=200").await?.expect(200)?;
    let count = |action: &str| {
        log["items"].as_array().map_or(0, |all| all.iter().filter(|one| one["action"] == action).count())
    };
    let counts = (count("conversation.watched"), count("conversation.whispered"));
    ensure!(counts == (1, 1), "{counts:?} {log}");
    Ok(())
}
