//! Bans: who is banned is out at once, on every node and open socket, and is back when it is over.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, Visitor, on_shapes, unique};

use crate::support::{REVOKED, Scene, answer, send, texts};

/// By when a node has asked who is banned, and a bit.
const FOUND_OUT: Duration = Duration::from_secs(30);

on_shapes!(Embedded, Cluster: [
    a_banned_visitor_is_out_at_once_and_back_later, whoever_comes_from_a_banned_address_is_refused,
    what_no_notice_has_told_is_found_out,
]);

async fn a_banned_visitor_is_out_at_once_and_back_later(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let mut far = visitor.clone();
    far.http = far.http.at(scene.system.far_http().address());
    let (mut near_socket, mut far_socket) = (visitor.socket().await?, far.socket().await?);
    let bystander = scene.system.visitor().await?;
    let mut unharmed = bystander.socket().await?;

    // Only the agent who has the conversation may.
    let other = scene.second().await?;
    let path = format!("/conversations/{id}/ban");
    other.http.post(&path, json!({ "for": "1h" })).await?.problem(409)?;
    let problem = scene.agent.http.post(&path, json!({ "for": "an age" })).await?.problem(422)?;
    ensure!(problem["errors"]["for"].is_string(), "{problem}");
    let made = scene.agent.http.post(&path, json!({ "for": "1h", "reason": "rude" })).await?.expect(201)?;
    ensure!(made["ban"]["kind"] == "visitor" && made["ban"]["value"] == visitor.id.as_str(), "{made}");

    // From here on nothing of this visitor is committed, whether or not the socket knows yet.
    let client = unique("late");
    let refused = match far_socket.send(&send(&id, &client, "too late")).await {
        Ok(()) => answer(&mut far_socket, &client).await.map_or(true, |answer| answer["code"] == "forbidden"),
        Err(_) => true,
    };
    ensure!(refused, "a banned visitor's message was taken");
    for socket in [&mut near_socket, &mut far_socket] {
        let (code, _) = socket.closed(REVOKED).await?;
        ensure!(code == 4003, "closed with {code}");
    }
    for http in [&visitor.http, &far.http] {
        let reply = http.post("/visitor/session", json!({})).await?;
        let problem = reply.problem(403)?;
        ensure!(problem["type"] == "/problems/banned", "{problem}");
        let until = made["ban"]["until"].as_str().unwrap_or("?");
        ensure!(problem["detail"].as_str().is_some_and(|detail| detail.contains(until)), "{problem}");
        ensure!(reply.header("retry-after").is_some(), "when it ends");
        http.get("/visitor/conversations").await?.problem(403)?;
        http.get(&format!("/visitor/conversations/{id}/entries")).await?.problem(403)?;
        let message = json!({ "client_msg_id": unique("x"), "body": { "text": "hello?" } });
        http.post(&format!("/visitor/conversations/{id}/messages"), message).await?.problem(403)?;
    }
    let mut again = visitor.open().await?;
    again.send(&json!({ "type": "hello", "token": visitor.token })).await?;
    let (code, _) = again.closed(REVOKED).await?;
    ensure!(code == 4003, "a banned visitor's hello ended with {code}");
    ensure!(texts(&scene.agent.entries(&id).await?) == ["hello"], "nothing was stored");
    // Nobody else notices, and staff go on.
    unharmed.send(&json!({ "type": "typing", "conversation": "none" })).await?;
    bystander.http.get("/visitor/directory").await?.expect(200)?;
    scene.agent.say(&id, "farewell").await?;

    let listed = scene.admin.http.get("/bans").await?.expect(200)?;
    ensure!(listed["items"][0]["id"] == made["ban"]["id"], "{listed}");
    let lift = format!("/bans/{}", made["ban"]["id"].as_str().unwrap_or_default());
    scene.agent.http.delete(&lift).await?.problem(403)?;
    scene.admin.http.delete(&lift).await?.expect(204)?;
    scene.admin.http.delete(&lift).await?.problem(404)?;
    far.say(&id, "thank you").await?;
    far.socket().await?;
    Ok(())
}

async fn whoever_comes_from_a_banned_address_is_refused(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let admin = &scene.admin.http;
    for bad in [
        json!({ "for": "1h" }),
        json!({ "for": "1h", "address": "127.0.0.0/8" }),
        json!({ "for": "1h", "email": "nobody" }),
        json!({ "for": "1h", "visitor": "none" }),
        json!({ "for": "1h", "email": "a@b.org", "address": "127.0.0.9" }),
        json!({ "for": "soon", "address": "127.0.0.9" }),
    ] {
        admin.post("/bans", bad).await?.problem(422)?;
    }
    admin.post("/bans", json!({ "address": "127.0.0.9" })).await?.problem(400)?;

    let there = scene.system.far_http().from_source("127.0.0.9".parse()?);
    let visitor = Visitor::arrive(&there).await?;
    let mut socket = visitor.socket().await?;
    admin
        .post("/bans", json!({ "for": "7d", "address": "127.0.0.9", "reason": "flood" }))
        .await?
        .expect(201)?;
    let (code, _) = socket.closed(REVOKED).await?;
    ensure!(code == 4003, "closed with {code}");
    let problem = there.post("/visitor/session", json!({})).await?.problem(403)?;
    ensure!(problem["type"] == "/problems/banned", "{problem}");
    scene.system.visitor().await?.ask_people("I come from elsewhere").await?;

    let mailed = Visitor::arrive_as(&scene.system.http(), json!({ "email": "Mallory@Example.org" })).await?;
    admin.post("/bans", json!({ "for": "forever", "email": "mallory@example.org" })).await?.expect(201)?;
    let problem = mailed.http.get("/visitor/directory").await?.problem(403)?;
    ensure!(problem["type"] == "/problems/banned", "{problem}");
    scene
        .system
        .http()
        .post("/visitor/session", json!({ "email": "MALLORY@example.org" }))
        .await?
        .problem(403)?;
    Ok(())
}

async fn what_no_notice_has_told_is_found_out(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let mut far = visitor.clone();
    far.http = far.http.at(scene.system.far_http().address());
    let mut window = far.socket().await?;
    // As when the notice of a ban is lost: the row alone.
    let never = i64::MAX;
    let sql = format!("INSERT INTO banned_visitors VALUES ('{}', 'by-hand', {never}, {never})", visitor.id);
    scene.system.database.sql(&sql)?;
    far.http.get(&format!("/visitor/conversations/{id}")).await?.problem(403)?;
    let (code, _) = window.closed(FOUND_OUT).await?;
    ensure!(code == 4003, "closed with {code}");
    Ok(())
}
