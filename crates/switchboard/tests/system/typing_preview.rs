//! What a visitor is typing is shown to agents where an admin wants it, and to nobody otherwise.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::Scene;

on_shapes!(Embedded, Split: [previews_are_off_until_an_admin_wants_them]);

/// A node believes for so long what it was told of the settings.
const BELIEVED: Duration = Duration::from_secs(11);

async fn previews_are_off_until_an_admin_wants_them(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    scene.given(&id).await?;
    let mut window = visitor.socket().await?;
    let typing = |text: &str| json!({ "type": "typing", "conversation": id, "text": text });
    let directory = visitor.http.get("/visitor/directory").await?.expect(200)?;
    ensure!(directory["typing_preview"].is_null(), "{directory}");
    window.send(&typing("my secret")).await?;
    let hint = scene.socket.expect("typing", SOON).await?;
    ensure!(hint["text"].is_null(), "shown without being wanted: {hint}");

    let settings = json!({
        "pre_chat": { "ask_name": "no", "ask_email": "no", "fields": [] }, "retention_days": null, "typing_preview": true
    });
    scene.admin.http.put("/settings", settings).await?.expect(200)?;
    let directory = visitor.http.get("/visitor/directory").await?.expect(200)?;
    ensure!(directory["typing_preview"] == true, "{directory}");
    tokio::time::sleep(BELIEVED).await;
    let long = "x".repeat(1_000);
    let mut shown = None;
    for _ in 0..8 {
        window.send(&typing(&long)).await?;
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        shown = scene.socket.of_type("typing").into_iter().find(|hint| hint["text"].is_string());
        if shown.is_some() {
            break;
        }
    }
    let text = shown.and_then(|hint| hint["text"].as_str().map(str::len));
    ensure!(text == Some(300), "{text:?}");
    // What agents type is no text to show, and nothing of it is stored.
    scene.socket.send(&typing("an agent's words")).await?;
    let hint = window.expect("typing", SOON).await?;
    ensure!(hint["text"].is_null(), "{hint}");
    ensure!(!visitor.entries(&id).await?.iter().any(|entry| entry.to_string().contains("xxx")), "stored");
    Ok(())
}
