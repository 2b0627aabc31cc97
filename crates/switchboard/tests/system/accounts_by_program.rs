//! Accounts made, deactivated and given new passwords through the program: at once, on every node and open socket.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, Staff, on_shapes, staff::SOON, unique};

use crate::support::{REQUEUED, REVOKED, Scene, answer, has, is_queued, send};

on_shapes!(Embedded, Cluster, Split: [
    a_deactivated_agent_is_out_at_once, a_new_one_time_password_ends_the_sessions, names_are_one_space,
    a_deactivated_admin_is_out_a_deleted_super_admin_too,
]);

async fn a_deactivated_agent_is_out_at_once(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let mut far = scene.agent.clone();
    far.http = far.http.at(scene.system.far_http().address());
    let mut window = far.socket().await?;
    let (visitor, id) = scene.chatting().await?;
    let mut shown = visitor.socket().await?;

    let path = format!("/agents/{}", scene.agent.id);
    let off = scene.admin.http.patch(&path, json!({ "active": false })).await?.expect(200)?;
    ensure!(off["account"]["active"] == false, "{off}");
    // From here on nothing of this agent is committed, whether or not the socket knows yet.
    let client = unique("late");
    let refused = match window.send(&send(&id, &client, "too late")).await {
        Ok(()) => answer(&mut window, &client).await.map_or(true, |answer| answer["type"] == "nack"),
        Err(_) => true,
    };
    ensure!(refused, "an inactive agent's message was taken");
    let (code, _) = window.closed(REVOKED).await?;
    ensure!(code == 4003, "closed with {code}");
    let bye = window.of_type("bye");
    ensure!(bye.first().is_some_and(|bye| bye["code"] == 4003 && bye["reason"].is_string()), "{bye:?}");
    far.http.get("/session").await?.problem(401)?;
    visitor.until(&id, "back in the queue", REQUEUED, is_queued).await?;
    let told =
        |f: &serde_json::Value| f["type"] == "conversation" && f["conversation"]["owner"]["kind"] == "queue";
    shown.expect_where("the visitor is told", REQUEUED, told).await?;
    ensure!(visitor.texts(&id, "agent").await?.is_empty());

    // Twice is no second event, and back again does not revive the session.
    scene.admin.http.patch(&path, json!({ "active": false })).await?.expect(200)?;
    scene.admin.http.patch(&path, json!({ "active": true })).await?.expect(200)?;
    far.http.get("/session").await?.problem(401)?;
    let back = scene.agent.again().await?;
    let _socket = back.online().await?;
    back.until(&id, "given again", SOON, |c| has(c, &back)).await?;
    Ok(())
}

async fn a_new_one_time_password_ends_the_sessions(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let path = format!("/agents/{}/password", scene.agent.id);
    let made = scene.admin.http.post(&path, json!({})).await?.expect(200)?;
    let initial = made["initial_password"].as_str().unwrap_or_default().to_owned();
    let (code, _) = scene.socket.closed(REVOKED).await?;
    ensure!(code == 4003, "closed with {code}");
    scene.agent.http.get("/session").await?.problem(401)?;
    let old = json!({ "username": scene.agent.username, "password": scene.agent.password });
    scene.system.http().post("/session", old).await?.problem(401)?;
    let back = Staff::sign_in(&scene.system.http(), &scene.agent.username, &initial).await?;
    ensure!(back.http.get("/session").await?.expect(200)?["account"]["must_change_password"] == true);
    Ok(())
}

async fn names_are_one_space(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    for taken in [&scene.agent.username, &scene.admin.username, "root"] {
        let body = json!({ "username": taken, "display_name": "Twin" });
        scene.admin.http.post("/agents", body).await?.problem(409)?;
    }
    for bad in ["A", "x", "Upper", "spa ce", "ünïcode", &"a".repeat(65), ""] {
        let body = json!({ "username": bad, "display_name": "Bad" });
        let problem = scene.admin.http.post("/agents", body).await?.problem(422)?;
        ensure!(problem["errors"]["username"].is_string(), "{problem}");
    }
    let odd = json!({ "username": "a.b_c-9", "display_name": "Odd <b>&amp;\" 🐬", "capacity": 2 });
    let made = scene.admin.http.post("/agents", odd).await?.expect(201)?;
    ensure!(
        made["account"]["display_name"] == "Odd <b>&amp;\" 🐬" && made["account"]["capacity"] == 2,
        "{made}"
    );
    Ok(())
}

async fn a_deactivated_admin_is_out_a_deleted_super_admin_too(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let root = scene.system.super_admin().await?;
    let path = format!("/admins/{}", scene.admin.id);
    root.http.patch(&path, json!({ "active": false })).await?.expect(200)?;
    scene.admin.http.get("/agents").await?.problem(401)?;
    let listed = root.http.get("/admins").await?.expect(200)?;
    ensure!(listed["items"][0]["active"] == false, "{listed}");
    // The agents of a deactivated admin work on.
    scene.chatting().await?;
    scene.system.su(&["delete", "root"], "")?.ok()?;
    root.http.patch(&path, json!({ "active": true })).await?.problem(401)?;
    // No set-up page opens: the same name can be added again, and only so.
    ensure!(scene.system.su(&["list"], "")?.ok()?.is_empty());
    scene.system.super_admin().await?.http.get("/admins").await?.expect(200)?;
    Ok(())
}
