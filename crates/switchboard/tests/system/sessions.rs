//! Own sessions: listed, revoked, and ended by a change of the password.

use anyhow::ensure;
use switchboard_testkit::{Shape, System, on_shapes, unique};

use crate::support::{REVOKED, items};

on_shapes!(Embedded, Cluster: [listed_and_revoked, a_password_change_ends_the_others, stored_as_a_hash]);

async fn listed_and_revoked(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let agent = system.agent(&admin).await?;
    let other = agent.again().await?;
    let mut window = other.socket().await?;
    let list = agent.http.get("/account/sessions").await?.expect(200)?;
    let current = items(&other.http.get("/account/sessions").await?.expect(200)?)?
        .iter()
        .find(|session| session["current"] == true)
        .map(|session| session["id"].as_str().unwrap_or_default().to_owned())
        .unwrap_or_default();
    ensure!(items(&list)?.iter().any(|session| session["id"] == current.as_str()), "{list}");

    agent.http.delete(&format!("/account/sessions/{current}")).await?.expect(204)?;
    let (code, _) = window.closed(REVOKED).await?;
    ensure!([4001, 4003].contains(&code), "closed with {code}");
    other.http.get("/session").await?.problem(401)?;
    agent.http.get("/session").await?.expect(200)?;
    agent.http.delete("/account/sessions/none-such").await?.problem(404)?;
    // Another account's session is none of mine.
    let theirs = admin.http.get("/account/sessions").await?.expect(200)?;
    let id = items(&theirs)?[0]["id"].as_str().unwrap_or_default();
    agent.http.delete(&format!("/account/sessions/{id}")).await?.problem(404)?;
    admin.http.get("/session").await?.expect(200)?;
    Ok(())
}

async fn a_password_change_ends_the_others(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let mut agent = system.agent(&admin).await?;
    let mut other = agent.again().await?;
    other.http = other.http.at(system.far_http().address());
    let mut window = other.socket().await?;
    agent.change_password(&unique("another passphrase")).await?;
    let (code, _) = window.closed(REVOKED).await?;
    ensure!(code == 4003, "closed with {code}");
    other.http.get("/session").await?.problem(401)?;
    agent.http.get("/session").await?.expect(200)?;
    Ok(())
}

async fn stored_as_a_hash(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let root = system.super_admin().await?;
    let cookie = root.http.cookie().unwrap_or_default();
    let token = cookie.split('=').nth(1).unwrap_or_default();
    ensure!(token.len() >= 22, "fewer than 128 bits: {cookie}");
    let visitor = system.visitor().await?;
    for (table, secret) in [("sessions", token), ("visitors", visitor.token.as_str())] {
        let rows = system.database.sql(&format!("SELECT * FROM {table}"))?;
        ensure!(!rows.is_empty() && !rows.contains(secret), "a secret in {table}");
    }
    ensure!(system.database.value("SELECT password_hash FROM accounts")?.starts_with("$argon2id$"));
    Ok(())
}
