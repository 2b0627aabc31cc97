//! Signing in: one answer for every reason to refuse, and a cookie that scripts cannot read.

use anyhow::{Context, ensure};
use serde_json::json;
use switchboard_testkit::{Http, Shape, Staff, System, on_shapes};

on_shapes!(Embedded, Cluster: [the_cookie_is_guarded, every_refusal_looks_the_same, a_dead_session_is_401_everywhere]);

async fn the_cookie_is_guarded(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let root = system.super_admin().await?;
    let body = json!({ "username": root.username, "password": root.password });
    let reply = system.http().post("/session", body).await?;
    let account = reply.expect(200)?["account"].clone();
    ensure!(account["role"] == "super_admin" && account["active"] == true, "{account}");
    ensure!(account["must_change_password"] == false && account["id"] == root.id.as_str(), "{account}");
    ensure!(!account.to_string().contains("hash"), "{account}");
    let cookie = reply.header("set-cookie").context("no cookie")?.to_ascii_lowercase();
    for part in ["httponly", "samesite=", "path=/"] {
        ensure!(cookie.contains(part), "{cookie} lacks {part}");
    }
    ensure!(!cookie.contains("secure"), "not over plain http: {cookie}");
    ensure!(
        reply.header("cache-control").is_some_and(|value| value.contains("no-store")),
        "{:?}",
        reply.headers
    );
    // The same cookie is good on every node.
    let far = root.http.clone().at(system.far_http().address());
    ensure!(far.get("/session").await?.expect(200)?["account"] == account);
    Ok(())
}

async fn every_refusal_looks_the_same(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let root = system.super_admin().await?;
    let admin = system.admin().await?;
    root.http.patch(&format!("/admins/{}", admin.id), json!({ "active": false })).await?.expect(200)?;
    let cases = [
        (root.username.as_str(), "not this one at all"),
        ("nobody.here", "not this one at all"),
        (admin.username.as_str(), admin.password.as_str()),
        ("", ""),
    ];
    let mut answers = Vec::new();
    for (username, password) in cases {
        let body = json!({ "username": username, "password": password });
        let reply = system.http().post("/session", body).await?;
        ensure!(reply.header("set-cookie").is_none(), "a cookie for {username:?}");
        answers.push(reply.problem(401)?);
    }
    ensure!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    Ok(())
}

async fn a_dead_session_is_401_everywhere(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let root = system.super_admin().await?;
    let far = root.http.clone().at(system.far_http().address());
    far.get("/admins").await?.expect(200)?;
    root.http.delete("/session").await?.expect(204)?;
    for http in [&root.http, &far] {
        http.get("/session").await?.problem(401)?;
        http.get("/admins").await?.problem(401)?;
        http.post("/admins", json!({ "username": "x1", "display_name": "X" })).await?.problem(401)?;
    }
    let name = root.http.cookie().and_then(|cookie| cookie.split('=').next()).unwrap_or_default().to_owned();
    for forged in ["", "x", &"0".repeat(64), &"A".repeat(4_000)] {
        let cookie = format!("{name}={forged}");
        let http = Http::new(system.http().address()).with_cookie(Some(&cookie));
        http.get("/session").await?.problem(401)?;
    }
    Staff::sign_in(&system.http(), &root.username, &root.password).await?;
    Ok(())
}
