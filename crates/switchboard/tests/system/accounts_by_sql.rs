//! Accounts and sessions changed by hand in the database: as good as through the program, within the promised time.

use anyhow::ensure;
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::{REQUEUED, REVOKED, Scene, events, has, is_queued};

on_shapes!(Embedded, Cluster, Split: [a_deleted_agent, a_deactivated_agent, a_deleted_session, all_of_an_agents_sessions, a_deleted_admin_and_super_admin]);

async fn a_deleted_agent(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    scene.agent.say(&id, "before the end").await?;
    let name = scene.agent.username.clone();
    scene.system.database.sql(&format!("DELETE FROM accounts WHERE username = '{name}'"))?;
    let body = serde_json::json!({ "client_msg_id": switchboard_testkit::unique("late"), "body": { "text": "late" } });
    scene.agent.http.post(&format!("/conversations/{id}/messages"), body).await?.problem(401)?;
    let (code, _) = scene.socket.closed(REVOKED).await?;
    ensure!(code == 4003, "closed with {code}");
    visitor.until(&id, "back in the queue", REQUEUED, is_queued).await?;
    // History keeps the name; the name is free; the new account is another one.
    let kept = visitor.entries(&id).await?;
    let said = kept.iter().find(|entry| entry["body"]["text"] == "before the end");
    ensure!(said.is_some_and(|entry| entry["author"]["name"] == format!("Display {name}")), "{said:?}");
    let again = serde_json::json!({ "username": name, "display_name": "Another" });
    let made = scene.admin.http.post("/agents", again).await?.expect(201)?;
    ensure!(made["account"]["id"] != scene.agent.id.as_str(), "an id was used again: {made}");
    scene.agent.http.get("/session").await?.problem(401)?;
    let next = scene.second().await?;
    let _socket = next.online().await?;
    next.until(&id, "given to the next agent", SOON, |c| has(c, &next)).await?;
    Ok(())
}

async fn a_deactivated_agent(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    scene.system.database.sql(&format!("UPDATE accounts SET active = 0 WHERE id = '{}'", scene.agent.id))?;
    let (code, _) = scene.socket.closed(REVOKED).await?;
    ensure!(code == 4003, "closed with {code}");
    scene.agent.http.get("/session").await?.problem(401)?;
    visitor.until(&id, "back in the queue", REQUEUED, is_queued).await?;
    scene.system.database.sql(&format!("UPDATE accounts SET active = 1 WHERE id = '{}'", scene.agent.id))?;
    scene.agent.again().await?;
    Ok(())
}

async fn a_deleted_session(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let other = scene.agent.again().await?;
    let id = &scene.agent.id;
    let newest = scene.system.database.value(&format!(
        "SELECT id FROM sessions WHERE account_id = '{id}' ORDER BY created_at DESC LIMIT 1"
    ))?;
    scene
        .system
        .database
        .sql(&format!("DELETE FROM sessions WHERE account_id = '{id}' AND id <> '{newest}'"))?;
    let (code, _) = scene.socket.closed(REVOKED).await?;
    ensure!([4001, 4003].contains(&code), "closed with {code}");
    scene.agent.http.get("/session").await?.problem(401)?;
    other.http.get("/session").await?.expect(200)?;
    Ok(())
}

async fn all_of_an_agents_sessions(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    scene.system.database.sql(&format!("DELETE FROM sessions WHERE account_id = '{}'", scene.agent.id))?;
    let (code, _) = scene.socket.closed(REVOKED).await?;
    ensure!(code == 4003, "closed with {code}");
    // As after signing out: offline, and holding nothing.
    visitor.until(&id, "back in the queue", REQUEUED, is_queued).await?;
    let back = scene.agent.again().await?;
    ensure!(back.http.get("/presence").await?.expect(200)?["status"] == "offline");
    let names = events(&visitor.entries(&id).await?).join(" ");
    ensure!(names == "started assigned requeued", "{names}");
    Ok(())
}

async fn a_deleted_admin_and_super_admin(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let root = scene.system.super_admin().await?;
    scene.system.database.sql("DELETE FROM accounts WHERE role IN ('admin', 'super_admin')")?;
    scene.admin.http.get("/agents").await?.problem(401)?;
    root.http.get("/admins").await?.problem(401)?;
    // The agents work on, and `su add` of the same name works.
    scene.chatting().await?;
    let again = scene.system.super_admin().await?;
    ensure!(again.id != root.id, "an id was used again");
    let list = again.http.get("/admins").await?.expect(200)?;
    ensure!(list["items"].as_array().is_some_and(Vec::is_empty), "{list}");
    Ok(())
}
