//! An agent passes a conversation on: to a person, a team or an automation.

use anyhow::ensure;
use serde_json::{Value, json};
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::{Scene, count, has, is_queued};

on_shapes!(Embedded, Cluster: [to_a_person_with_a_note, to_a_team, to_an_automation_that_answers_what_is_open, refused_targets]);

async fn to_a_person_with_a_note(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let other = scene.second().await?;
    let mut socket = other.online().await?;
    let note = "she wants the blue one";
    let passed =
        scene.agent.act(&id, "transfer", json!({ "to": { "agent": other.id }, "note": note })).await?;
    ensure!(has(&passed, &other), "{passed}");
    let given = |f: &Value| f["type"] == "conversation" && f["conversation"]["id"] == id.as_str();
    socket.expect_where("the conversation", SOON, given).await?;
    let entries = other.entries(&id).await?;
    ensure!(
        entries.iter().any(|entry| entry["kind"] == "note" && entry["body"]["text"] == note),
        "{entries:?}"
    );
    ensure!(count(&entries, "transferred") == 1);
    ensure!(
        !visitor.entries(&id).await?.iter().any(|entry| entry["kind"] == "note"),
        "the visitor sees the note"
    );
    // The first agent no longer has it.
    let body = json!({ "client_msg_id": switchboard_testkit::unique("late"), "body": { "text": "late" } });
    scene.agent.http.post(&format!("/conversations/{id}/messages"), body).await?.problem(409)?;
    other.say(&id, "hello from the other one").await?;
    Ok(())
}

async fn to_a_team(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (_visitor, id) = scene.chatting().await?;
    let team = scene.admin.http.post("/teams", json!({ "name": "Billing" })).await?.expect(201)?;
    let team = team["team"]["id"].as_str().or(team["id"].as_str()).unwrap_or_default().to_owned();
    let passed = scene.agent.act(&id, "transfer", json!({ "to": { "team": team } })).await?;
    ensure!(is_queued(&passed) && passed["team"] == team.as_str(), "{passed}");
    let member = scene.admin.make("/agents", json!({ "teams": [team] })).await?;
    let _socket = member.online().await?;
    member.until(&id, "assigned to the team's agent", SOON, |c| has(c, &member)).await?;
    // An agent of another team is not to know of it any more.
    scene.agent.http.get(&format!("/conversations/{id}")).await?.problem(404)?;
    Ok(())
}

async fn to_an_automation_that_answers_what_is_open(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    visitor.say(&id, "is anybody there?").await?;
    let passed = scene.agent.act(&id, "transfer", json!({ "to": { "automation": "mat" } })).await?;
    ensure!(passed["owner"]["kind"] == "automation" && passed["owner"]["id"] == "mat", "{passed}");
    // "hello" and the question are both unanswered.
    ensure!(visitor.until_texts(&id, "automation", 2, SOON).await? == ["mat", "mat mat mat?"]);
    Ok(())
}

async fn refused_targets(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (_visitor, id) = scene.chatting().await?;
    let offline = scene.second().await?;
    let fence = scene.agent.conversation(&id).await?["fence"].clone();
    scene.admin.http.patch("/automations/chat", json!({ "active": false })).await?.expect(200)?;
    let targets = [
        (json!({ "agent": offline.id }), 409),
        (json!({ "agent": "nobody" }), 404),
        (json!({ "team": "nowhere" }), 404),
        (json!({ "automation": "chat" }), 404),
        (json!({ "automation": "nothing" }), 404),
    ];
    for (to, status) in targets {
        let body = json!({ "fence": fence, "to": to });
        scene.agent.http.post(&format!("/conversations/{id}/transfer"), body).await?.problem(status)?;
    }
    for (to, field) in [(json!({}), "empty"), (json!({ "agent": offline.id, "team": "x" }), "two")] {
        let body = json!({ "fence": fence, "to": to });
        let reply = scene.agent.http.post(&format!("/conversations/{id}/transfer"), body).await?;
        ensure!([400, 422].contains(&reply.status.as_u16()), "{field} target: {}", reply.status);
    }
    let state = scene.agent.conversation(&id).await?;
    ensure!(has(&state, &scene.agent) && state["fence"] == fence, "a refused transfer changed it: {state}");
    Ok(())
}
