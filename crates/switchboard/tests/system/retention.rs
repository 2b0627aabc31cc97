//! Texts are kept as long as an admin says, and no longer.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, wait};

use crate::support::{Scene, texts};

on_shapes!(Embedded, Cluster: [what_is_past_its_time_is_erased]);

/// A sweep comes every few seconds.
const SWEPT: Duration = Duration::from_secs(20);

async fn what_is_past_its_time_is_erased(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (old, old_id) = scene.chatting().await?;
    let (_, young_id) = scene.chatting().await?;
    old.http.post(&format!("/visitor/conversations/{old_id}/resolve"), json!({})).await?.expect(200)?;
    // The database says that it ended ten days ago.
    let days = 10_i64 * 24 * 3_600_000;
    let sql = format!("UPDATE conversations SET updated_at = updated_at - {days} WHERE id = '{old_id}'");
    scene.system.database.sql(&sql)?;
    scene
        .admin
        .http
        .put("/settings", json!({ "pre_chat": { "ask_name": "no", "ask_email": "no" }, "retention_days": 9 }))
        .await?
        .expect(200)?;
    let erased = wait::until("erased", SWEPT, async || {
        let entries = scene.agent.entries(&old_id).await?;
        Ok((texts(&entries) == ["[erased]"]).then_some(()))
    });
    Box::pin(erased).await?;
    ensure!(texts(&scene.agent.entries(&young_id).await?) == ["hello"], "what goes on is kept");
    old.say(&old_id, "I am back").await?;
    ensure!(old.texts(&old_id, "visitor").await? == ["[erased]", "I am back"]);
    Ok(())
}
