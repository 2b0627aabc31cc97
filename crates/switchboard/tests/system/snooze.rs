//! Putting a conversation aside.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::{Scene, count, has};

on_shapes!(Embedded, Cluster: [ends_at_its_time, ends_with_the_visitors_message, refuses_the_past]);

/// RFC 3339, `seconds` from now, by the database's own clock so that nothing here has to know the time.
fn in_seconds(scene: &Scene, seconds: i64) -> anyhow::Result<String> {
    let query = match &scene.system.database {
        switchboard_testkit::Database::Sqlite(_) => {
            format!("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '{seconds} seconds')")
        }
        switchboard_testkit::Database::MariaDb(..) => {
            format!("SELECT DATE_FORMAT(UTC_TIMESTAMP() + INTERVAL {seconds} SECOND, '%Y-%m-%dT%H:%i:%sZ')")
        }
    };
    scene.system.database.value(&query).context("the time")
}

async fn ends_at_its_time(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (_visitor, id) = scene.chatting().await?;
    let until = in_seconds(&scene, 3)?;
    let aside = scene.agent.act(&id, "snooze", json!({ "until": until })).await?;
    ensure!(aside["status"] == "snoozed" && has(&aside, &scene.agent), "{aside}");
    let list = scene.agent.http.get("/conversations?view=mine&status=snoozed").await?.expect(200)?;
    ensure!(list["items"][0]["id"] == id.as_str(), "{list}");
    scene.agent.until(&id, "awake", Duration::from_secs(8), |c| c["status"] == "open").await?;
    let entries = scene.agent.entries(&id).await?;
    ensure!(count(&entries, "snoozed") == 1 && count(&entries, "reopened") == 1, "{entries:?}");
    ensure!(has(&scene.agent.conversation(&id).await?, &scene.agent));
    Ok(())
}

async fn ends_with_the_visitors_message(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    scene.agent.act(&id, "snooze", json!({ "until": in_seconds(&scene, 3_600)? })).await?;
    visitor.say(&id, "I am back").await?;
    let (awake, _) = scene.agent.until(&id, "awake", SOON, |c| c["status"] == "open").await?;
    ensure!(has(&awake, &scene.agent), "{awake}");
    Ok(())
}

async fn refuses_the_past(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (_visitor, id) = scene.chatting().await?;
    let fence = scene.agent.conversation(&id).await?["fence"].clone();
    for (until, status) in [(in_seconds(&scene, -60)?, 422), ("soon".to_owned(), 400)] {
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
