//! Two records of one person become one: who is here goes on, the other browser begins anew.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, Visitor, on_shapes, staff::SOON, unique};

use crate::support::{REVOKED, Scene, answer, send, texts};

on_shapes!(Embedded, Cluster: [two_visitors_become_one]);

async fn two_visitors_become_one(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let phone =
        Visitor::arrive_as(&scene.system.far_http(), json!({ "name": "Ada", "email": "ada@example.org" }))
            .await?;
    let first = phone.ask_people("from the phone").await?;
    let mut far = phone.socket().await?;
    let (computer, second) = scene.chatting().await?;
    let mut near = computer.socket().await?;
    // It was here last.
    computer.http.post("/visitor/session", json!({ "page": "https://example.org/" })).await?.expect(200)?;

    let path = format!("/conversations/{first}/merge");
    let status = computer.http.post(&path, json!({ "with": second })).await?.status.as_u16();
    ensure!([401, 403].contains(&status), "a visitor merged: {status}");
    let merged = scene.agent.http.post(&path, json!({ "with": second })).await?.expect(200)?;
    ensure!(
        merged["visitor"]["name"] == "Ada" && merged["visitor"]["id"] == computer.id.as_str(),
        "{merged}"
    );

    // The open page of the one that goes on is given the other conversation and writes in both.
    let frame =
        near.expect_where("conversation", SOON, |f| f["conversation"]["id"] == first.as_str()).await?;
    ensure!(frame["conversation"]["visitor"]["id"] == computer.id.as_str(), "{frame}");
    for id in [&first, &second] {
        let client = unique("after");
        near.send(&send(id, &client, "still me")).await?;
        let acked = answer(&mut near, &client).await?;
        ensure!(acked["type"] == "ack", "{acked}");
    }
    ensure!(texts(&computer.entries(&first).await?) == ["from the phone", "still me"]);
    ensure!(scene.agent.conversation(&second).await?["visitor"]["email"] == "ada@example.org");

    // The other one is out and comes back as somebody new.
    let (code, _) = far.closed(REVOKED).await?;
    ensure!(code == 4003, "closed with {code}");
    phone.http.get("/visitor/conversations").await?.problem(401)?;
    let admin = &scene.admin.http;
    let merge = format!("/visitors/{}/merge", computer.id);
    admin.post(&merge, json!({ "with": phone.id })).await?.problem(404)?;
    admin.post(&merge, json!({ "with": computer.id })).await?.problem(422)?;

    // Admins merge anybody; who is merged twice is one still.
    let third = Visitor::arrive_as(&scene.system.http(), json!({ "email": "a.d.a@example.org" })).await?;
    let one = admin.post(&merge, json!({ "with": third.id })).await?.expect(200)?;
    ensure!(one["email"] == "ada@example.org" && one["id"] == third.id.as_str(), "{one}");
    ensure!(one["conversations"] == 2, "{one}");
    let (code, _) = near.closed(REVOKED).await?;
    ensure!(code == 4003, "closed with {code}");
    ensure!(texts(&third.entries(&second).await?).contains(&"still me"));
    let log = scene.system.super_admin().await?.http.get("/audit?limit=200").await?.expect(200)?;
    let merges = log["items"]
        .as_array()
        .map_or(0, |all| all.iter().filter(|one| one["action"] == "visitor.merged").count());
    ensure!(merges == 2, "{merges}");
    Ok(())
}
