//! An agent who does not answer within the team's time loses the conversation to the next one.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes};

use crate::support::{Scene, count, has};

/// The shortest time that a team may give, in seconds.
const ANSWER_S: i64 = 5;

on_shapes!(Embedded, Cluster: [silence_loses_it_an_answer_keeps_it]);

async fn silence_loses_it_an_answer_keeps_it(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let team = scene.system.general(&scene.admin).await?;
    let path = format!("/teams/{team}");
    scene.admin.http.patch(&path, json!({ "answer_s": ANSWER_S })).await?.expect(200)?;
    let visitor = scene.system.visitor().await?;
    let start = visitor.start(json!({ "team": team }), Some("hello?")).await?;
    let id = start["id"].as_str().unwrap_or_default().to_owned();
    let deadline = Duration::from_secs(10);
    scene.agent.until(&id, "assigned", deadline, |c| has(c, &scene.agent)).await?;
    let other = scene.second().await?;
    let _socket = other.online().await?;
    let longest = Duration::from_secs(ANSWER_S as u64 + 8);
    other.until(&id, "given to the next one", longest, |c| has(c, &other)).await?;
    other.say(&id, "here I am").await?;
    tokio::time::sleep(Duration::from_secs(ANSWER_S as u64 + 3)).await;
    ensure!(has(&other.conversation(&id).await?, &other), "who answered lost it");
    ensure!(count(&visitor.entries(&id).await?, "requeued") == 1);
    Ok(())
}
