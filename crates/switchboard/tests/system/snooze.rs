//! Putting a conversation aside.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::{Scene, count, has, in_seconds};

on_shapes!(Embedded, Cluster: [ends_at_its_time, ends_with_the_visitors_message, refuses_the_past]);

async fn ends_at_its_time(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (_visitor, id) = scene.chatting().await?;
    let until = in_seconds(&scene.system.database, 6)?;
    let aside = scene.agent.act(&id, "snooze", json!({ "until": until })).await?;
    ensure!(aside["status"] == "snoozed" && has(&aside, &scene.agent), "{aside}");
    let list = scene.agent.http.get("/conversations?view=mine&status=snoozed").await?.expect(200)?;
    ensure!(list["items"][0]["id"] == id.as_str(), "{list}");
    scene.agent.until(&id, "awake", Duration::from_secs(15), |c| c["status"] == "open").await?;
    let entries = scene.agent.entries(&id).await?;
    ensure!(count(&entries, "snoozed") == 1 && count(&entries, "reopened") == 1, "{entries:?}");
    ensure!(has(&scene.agent.conversation(&id).await?, &scene.agent));
    Ok(())
}

async fn ends_with_the_visitors_message(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    scene.agent.act(&id, "snooze", json!({ "until": in_seconds(&scene.system.database, 3_600)? })).await?;
    scene.agent.say(&id, "back on Monday").await?;
    ensure!(scene.agent.conversation(&id).await?["status"] == "snoozed", "ended by what the agent wrote");
    visitor.say(&id, "I am back").await?;
    let (awake, _) = scene.agent.until(&id, "awake", SOON, |c| c["status"] == "open").await?;
    ensure!(has(&awake, &scene.agent), "{awake}");
    Ok(())
}

async fn refuses_the_past(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (_visitor, id) = scene.chatting().await?;
    let fence = scene.agent.conversation(&id).await?["fence"].clone();
    for (until, status) in [(in_seconds(&scene.system.database, -60)?, 422), ("soon".to_owned(), 400)] {
        let body = json!({ "fence": fence, "until": until });
        let reply = scene.agent.http.post(&format!("/conversations/{id}/snooze"), body).await?;
        ensure!(
            reply.status == status || (status == 400 && reply.status == 422),
            "{until}: {}",
            reply.status
        );
    }
    ensure!(scene.agent.conversation(&id).await?["status"] == "open");
    Ok(())
}
