//! The conversation as a text to keep: to each what each may see.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, unique};

use crate::support::Scene;

/// Between two messages, so that they stay below an agent's rate.
const PACE: Duration = Duration::from_millis(25);

on_shapes!(Embedded, Cluster: [each_keeps_what_each_may_see, a_long_one_is_whole]);

async fn each_keeps_what_each_may_see(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    scene.agent.say(&id, "hello\nhow can I help?").await?;
    let note = json!({ "client_msg_id": unique("note"), "body": { "text": "a difficult one" } });
    scene.agent.http.post(&format!("/conversations/{id}/notes"), note).await?.expect(201)?;

    let theirs = visitor.http.get(&format!("/visitor/conversations/{id}/transcript")).await?;
    ensure!(theirs.status == 200, "{}", theirs.status);
    ensure!(theirs.header("content-type").is_some_and(|kind| kind.starts_with("text/plain")));
    let place = theirs.header("content-disposition").context("no disposition")?;
    ensure!(place == format!("attachment; filename=\"conversation-{id}.txt\""), "{place}");
    let text = String::from_utf8(theirs.text.to_vec())?;
    ensure!(text.contains(": hello\n    how can I help?\n") && text.contains(" joined\n"), "{text}");
    ensure!(!text.contains("difficult"), "{text}");

    let german = visitor.http.get(&format!("/visitor/conversations/{id}/transcript?locale=de-AT")).await?;
    let text = String::from_utf8(german.text.to_vec())?;
    ensure!(text.starts_with("Gespräch ") && text.contains(" ist jetzt dabei\n"), "{text}");

    let ours = scene.agent.http.get(&format!("/conversations/{id}/transcript?zone=Asia/Tokyo")).await?;
    let text = String::from_utf8(ours.text.to_vec())?;
    ensure!(
        text.contains("(private note): a difficult one") && text.contains("those of Asia/Tokyo"),
        "{text}"
    );

    let other = scene.system.visitor().await?;
    other.http.get(&format!("/visitor/conversations/{id}/transcript")).await?.problem(404)?;
    scene.admin.http.get(&format!("/conversations/{id}/transcript")).await?.problem(403)?;
    let nowhere = format!("/conversations/{id}/transcript?zone=Atlantis");
    scene.agent.http.get(&nowhere).await?.problem(422)?;
    Ok(())
}

async fn a_long_one_is_whole(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    // More than one page of entries.
    for n in 0..250 {
        scene.agent.say(&id, &format!("line {n}.")).await?;
        tokio::time::sleep(PACE).await;
    }
    let file = visitor.http.get(&format!("/visitor/conversations/{id}/transcript")).await?;
    let text = String::from_utf8(file.text.to_vec())?;
    let said: Vec<&str> = text.lines().filter(|line| line.contains(": line ")).collect();
    ensure!(said.len() == 250, "{} lines", said.len());
    ensure!((0..250).all(|n| said[n].ends_with(&format!(": line {n}."))), "in order");
    Ok(())
}
