//! Administrative acts are written down: newest first, for those who may read them, without secrets.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, System, on_shapes};

use crate::support::items;

on_shapes!(Embedded, Cluster: [acts_are_written_down]);

async fn acts_are_written_down(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let root = system.super_admin().await?;
    let admin = root.make("/admins", json!({})).await?;
    let (account, initial) = admin.create("/agents", json!({})).await?;
    let agent = account["id"].as_str().unwrap_or_default();
    admin.http.patch(&format!("/agents/{agent}"), json!({ "active": false })).await?.expect(200)?;
    let wrong = json!({ "username": root.username, "password": "wrong wrong wrong wrong" });
    system.http().post("/session", wrong).await?.problem(401)?;

    let all = root.http.get("/audit").await?.expect(200)?;
    let lines = items(&all)?;
    let times: Vec<&str> = lines.iter().filter_map(|line| line["at"].as_str()).collect();
    ensure!(times.len() == lines.len() && times.is_sorted_by(|a, b| a >= b), "not newest first: {times:?}");
    let about = |name: &str| lines.iter().filter(|line| line.to_string().contains(name)).count();
    ensure!(about(&admin.username) >= 2, "{all}");
    ensure!(about(account["username"].as_str().unwrap_or("?")) >= 2, "{all}");
    for secret in [&initial, &admin.password, &root.password] {
        ensure!(!all.to_string().contains(secret.as_str()), "a password in the audit log");
    }
    // An admin reads about agents and below, not about admins and above.
    let own = admin.http.get("/audit").await?.expect(200)?;
    ensure!(own.to_string().contains(account["username"].as_str().unwrap_or("?")), "{own}");
    for line in items(&own)? {
        ensure!(line["target"]["kind"] != "admin" && line["target"]["kind"] != "super_admin", "{line}");
    }
    Ok(())
}
