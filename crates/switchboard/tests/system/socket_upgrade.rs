//! Who may open which socket.

use std::time::Duration;

use anyhow::{bail, ensure};
use serde_json::json;
use switchboard_testkit::socket::Refused;
use switchboard_testkit::{Http, Shape, Socket, Staff, on_shapes};

use crate::support::Scene;

on_shapes!(Embedded, Split: [refused_at_the_upgrade, a_visitors_token_is_checked_in_hello]);

async fn refused(http: &Http, path: &str, status: u16) -> anyhow::Result<()> {
    match Socket::open(http, path).await {
        Err(Refused::Status(found)) if found == status => Ok(()),
        Err(other) => bail!("{path}: {other} instead of {status}"),
        Ok(_) => bail!("{path}: opened instead of {status}"),
    }
}

async fn refused_at_the_upgrade(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let root = scene.system.super_admin().await?;
    let path = "/agent/socket";
    refused(&scene.system.http(), path, 401).await?;
    refused(&root.http, path, 403).await?;
    refused(&scene.admin.http, path, 403).await?;
    for origin in [None, Some("https://evil.example"), Some("null")] {
        refused(&scene.agent.http.clone().with_origin(origin), path, 403).await?;
    }
    let (account, initial) = scene.admin.create("/agents", json!({})).await?;
    let new =
        Staff::sign_in(&scene.system.http(), account["username"].as_str().unwrap_or_default(), &initial)
            .await?;
    refused(&new.http, path, 403).await?;
    let visitor = scene.system.visitor().await?;
    refused(&visitor.http.clone().with_origin(Some("https://evil.example")), "/visitor/socket", 403).await?;
    let without = Socket::open(&visitor.http.clone().with_origin(None), "/visitor/socket").await;
    ensure!(without.is_ok(), "a visitor's socket may lack an origin");
    Ok(())
}

async fn a_visitors_token_is_checked_in_hello(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let visitor = scene.system.visitor().await?;
    for hello in [json!({ "type": "hello" }), json!({ "type": "hello", "token": "not-a-token" })] {
        let mut socket = visitor.open().await?;
        socket.send(&hello).await?;
        let (code, _) = socket.closed(Duration::from_secs(5)).await?;
        ensure!(code == 4001, "{hello}: closed with {code}");
        ensure!(socket.of_type("welcome").is_empty());
    }
    Ok(())
}
