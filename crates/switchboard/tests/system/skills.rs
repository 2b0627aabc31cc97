//! Conversations go to those with the skills that they ask for, a while; and to whoever helps out.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use switchboard_testkit::{Shape, Staff, System, Visitor, on_shapes, staff::SOON};

use crate::support::{has, is_queued};

on_shapes!(Embedded, Cluster: [the_language_comes_first_then_anybody, another_team_helps_out]);

async fn team(admin: &Staff, name: &str, rules: Value) -> anyhow::Result<String> {
    let made = admin.http.post("/teams", json!({ "name": name, "rules": rules })).await?.expect(201)?;
    Ok(made["team"]["id"].as_str().context("no id")?.to_owned())
}

async fn dutch(system: &System) -> anyhow::Result<Visitor> {
    Visitor::arrive_as(&system.http(), json!({ "locale": "nl-NL" })).await
}

async fn begin(visitor: &Visitor, team: &str) -> anyhow::Result<String> {
    let made = visitor.start(json!({ "team": team }), Some("hallo")).await?;
    Ok(made["id"].as_str().unwrap_or_default().to_owned())
}

async fn the_language_comes_first_then_anybody(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let sales = team(&admin, "Sales", json!({ "widen_s": 3 })).await?;
    let (plain, speaks) = (system.agent(&admin).await?, system.agent(&admin).await?);
    // Whoever came first is idle longest, and would be next.
    let _first = plain.online().await?;
    let _second = speaks.online().await?;
    for (agent, extra) in [(&plain, json!({})), (&speaks, json!({ "skills": ["NL"], "capacity": 1 }))] {
        let mut change = json!({ "teams": [sales] });
        if let (Some(change), Some(extra)) = (change.as_object_mut(), extra.as_object()) {
            change.extend(extra.clone());
        }
        admin.http.patch(&format!("/agents/{}", agent.id), change).await?.expect(200)?;
    }
    let visitor = dutch(&system).await?;
    let id = begin(&visitor, &sales).await?;
    speaks.until(&id, "assigned", SOON, |c| c["owner"]["kind"] == "agent").await?;
    ensure!(has(&speaks.conversation(&id).await?, &speaks), "went past the one who speaks it");

    // That one is full now: the next waits a while, then anybody will do.
    let begun = Instant::now();
    let second = dutch(&system).await?;
    let id = begin(&second, &sales).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    ensure!(is_queued(&second.conversation(&id).await?), "did not wait for the one who speaks it");
    plain.until(&id, "assigned to anybody", SOON, |c| has(c, &plain)).await?;
    ensure!(begun.elapsed() >= Duration::from_secs(3), "after {:?}", begun.elapsed());
    // Whoever asks for nothing special does not wait.
    let id = begin(&system.visitor().await?, &sales).await?;
    plain.until(&id, "assigned", SOON, |c| has(c, &plain)).await?;
    Ok(())
}

async fn another_team_helps_out(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let support = team(&admin, "Support", json!({})).await?;
    let rules = json!({ "overflow": { "team": support, "after_s": 3_600 } });
    let sales = team(&admin, "Sales", rules).await?;
    let helper = system.agent(&admin).await?;
    admin.http.patch(&format!("/agents/{}", helper.id), json!({ "teams": [support] })).await?.expect(200)?;
    let _socket = helper.online().await?;
    // Nobody of the own team is there.
    let visitor = system.visitor().await?;
    let id = begin(&visitor, &sales).await?;
    // Until then it is not the helper's to see.
    visitor.until(&id, "assigned", SOON, |c| c["owner"]["kind"] == "agent").await?;
    ensure!(has(&helper.conversation(&id).await?, &helper));
    ensure!(helper.say(&id, "hello from the others").await?["kind"] == "message");
    Ok(())
}
