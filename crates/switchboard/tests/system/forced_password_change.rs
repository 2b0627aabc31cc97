//! Who was given a one-time password must change it before anything else.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, Staff, System, on_shapes, unique};

on_shapes!(Embedded, Cluster: [nothing_else_until_it_is_changed, weak_passwords_are_refused_with_the_reason]);

async fn nothing_else_until_it_is_changed(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let root = system.super_admin().await?;
    let (account, initial) = root.create("/admins", json!({})).await?;
    ensure!(account["must_change_password"] == true && account["role"] == "admin", "{account}");
    let name = account["username"].as_str().unwrap_or_default();
    let mut admin = Staff::sign_in(&system.http(), name, &initial).await?;

    let shown = admin.http.get("/session").await?.expect(200)?;
    ensure!(shown["account"]["must_change_password"] == true, "{shown}");
    for path in ["/agents", "/teams", "/automations", "/audit", "/account/sessions"] {
        let problem = admin.http.get(path).await?.problem(403)?;
        ensure!(problem["type"] == "/problems/password-change-required", "{path}: {problem}");
    }
    let made = admin.http.post("/agents", json!({ "username": "early", "display_name": "Early" })).await?;
    ensure!(made.problem(403)?["type"] == "/problems/password-change-required");

    admin.change_password(&unique("a fresh passphrase")).await?;
    admin.http.get("/agents").await?.expect(200)?;
    ensure!(admin.http.get("/session").await?.expect(200)?["account"]["must_change_password"] == false);
    let body = json!({ "username": name, "password": initial });
    system.http().post("/session", body).await?.problem(401)?;
    admin.again().await?;
    Ok(())
}

async fn weak_passwords_are_refused_with_the_reason(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let root = system.super_admin().await?;
    let admin = system.admin().await?;
    let long = "a".repeat(5_000);
    let own = format!("{}{}", admin.username, admin.username);
    for weak in ["short", "fourteen chars", "passwordpassword", &long, &own] {
        let body = json!({ "current": admin.password, "new": weak });
        let problem = admin.http.put("/account/password", body).await?.problem(422)?;
        ensure!(problem["errors"]["new"].is_string(), "{weak:.20}: {problem}");
    }
    let body = json!({ "current": "not the current one", "new": unique("a fresh passphrase") });
    let problem = admin.http.put("/account/password", body).await?.problem(422)?;
    ensure!(problem["errors"]["current"].is_string(), "{problem}");
    // Any Unicode, 64 characters at least, spaces included.
    let mut other = root.make("/admins", json!({})).await?;
    other.change_password(&"schöne Größe 🐬 ".repeat(4)).await?;
    other.again().await?;
    Ok(())
}
