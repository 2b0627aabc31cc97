//! What is stored of one visitor: found, exported, erased.

use anyhow::{Context as _, ensure};
use serde_json::json;
use switchboard_testkit::{Shape, Visitor, on_shapes, staff::SOON};

use crate::support::{REVOKED, Scene, has, items, seqs, texts};

on_shapes!(Embedded, Cluster: [a_visitor_is_exported_and_erased]);

async fn a_visitor_is_exported_and_erased(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let details = json!({ "name": "Ada", "email": "ada@example.org", "page": "/private", "attributes": { "plan": "paid" } });
    let visitor = Visitor::arrive_as(&scene.system.far_http(), details).await?;
    let id = visitor.ask_people("my number is 555").await?;
    scene.agent.until(&id, "assigned", SOON, |c| has(c, &scene.agent)).await?;
    scene.agent.say(&id, "I call you, Ada").await?;
    let note = json!({ "client_msg_id": "0123456789abcdef-note", "body": { "text": "she is called Ada" } });
    scene.agent.http.post(&format!("/conversations/{id}/notes"), note).await?.expect(201)?;
    let mut window = visitor.socket().await?;
    let mut desk = scene.agent.socket().await?;

    let admin = &scene.admin.http;
    let found = admin.get("/visitors?q=ADA%40").await?.expect(200)?;
    let [guest] = items(&found)?.as_slice() else { anyhow::bail!("{found}") };
    ensure!(guest["id"] == visitor.id.as_str() && guest["conversations"] == 1, "{guest}");
    ensure!(items(&admin.get("/visitors").await?.expect(200)?)?.is_empty());
    let path = format!("/visitors/{}", visitor.id);
    let reply = admin.get(&format!("{path}/export")).await?;
    let name = reply.header("content-disposition").context("no file")?.to_owned();
    ensure!(name.starts_with("attachment") && name.contains(&visitor.id), "{name}");
    let file = reply.expect(200)?;
    let entries = file["conversations"][0]["entries"].as_array().context("no entries")?;
    for words in ["my number is 555", "I call you, Ada", "she is called Ada"] {
        ensure!(entries.iter().any(|entry| entry["body"]["text"] == words), "{words} is not in {file}");
    }
    ensure!(file["visitor"]["attributes"]["plan"] == "paid", "{file}");
    for who in [&scene.agent.http, &visitor.http] {
        ensure!(matches!(who.delete(&path).await?.status.as_u16(), 401 | 403));
    }

    let before = scene.agent.conversation(&id).await?["head"].as_i64().context("no head")?;
    admin.delete(&path).await?.expect(204)?;
    let (code, _) = window.closed(REVOKED).await?;
    ensure!(code == 4003, "closed with {code}");
    visitor.http.get("/visitor/conversations").await?.problem(401)?;
    let is_reset = |f: &serde_json::Value| f["type"] == "reset" && f["conversation"] == id.as_str();
    desk.expect_where("staff load it again", SOON, is_reset).await?;
    let after = scene.agent.conversation(&id).await?;
    ensure!(after["status"] == "resolved" && after["head"] == before + 1, "{after}");
    let stored = scene.agent.entries(&id).await?;
    ensure!(seqs(&stored) == (1..=u64::try_from(before + 1)?).collect::<Vec<_>>(), "gaps in {stored:?}");
    ensure!(texts(&stored).iter().all(|text| *text == "[erased]"), "{stored:?}");
    let all = serde_json::to_string(&(stored, after))?;
    ensure!(!all.contains("Ada") && !all.contains("555") && !all.contains("ada@"), "{all}");
    ensure!(items(&admin.get("/visitors?q=ada%40").await?.expect(200)?)?.is_empty());
    // Again is no mistake, and the old token is a stranger's.
    admin.delete(&path).await?.expect(204)?;
    admin.delete("/visitors/none").await?.problem(404)?;
    admin.get("/visitors/none/export").await?.problem(404)?;
    let anew = visitor.http.post("/visitor/session", json!({})).await?.expect(201)?;
    ensure!(anew["visitor"]["id"] != visitor.id.as_str(), "{anew}");
    Ok(())
}
