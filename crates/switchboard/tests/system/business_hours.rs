//! A team keeps business hours: while it is closed visitors are told when it opens and can leave a message, nothing is
//! handed out, and agents may still take what waits.

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use switchboard_testkit::{Database, Shape, Staff, on_shapes, staff::SOON};

use crate::support::{Scene, count, has, in_seconds, is_queued};

on_shapes!(Embedded, Cluster: [a_closed_team_takes_messages, hours_that_never_open_are_refused]);

const DAY_S: i64 = 86_400;

/// Open around the clock, but not from yesterday to tomorrow.
fn closed_today(database: &Database) -> anyhow::Result<Value> {
    let day = |days: i64| anyhow::Ok(json!({ "date": in_seconds(database, days * DAY_S)?[..10] }));
    let holidays = [day(-1)?, day(0)?, day(1)?];
    let week = vec![json!([{ "from": "00:00", "to": "24:00" }]); 7];
    Ok(json!({ "zone": "UTC", "week": week, "holidays": holidays }))
}

/// Makes a team with this agent in it.
async fn team(scene: &Scene, rules: Value) -> anyhow::Result<String> {
    let made =
        scene.admin.http.post("/teams", json!({ "name": "Sales", "rules": rules })).await?.expect(201)?;
    let id = made["team"]["id"].as_str().context("no id")?.to_owned();
    join(&scene.admin, &scene.agent, &id).await?;
    Ok(id)
}

async fn join(admin: &Staff, agent: &Staff, team: &str) -> anyhow::Result<()> {
    admin.http.patch(&format!("/agents/{}", agent.id), json!({ "teams": [team] })).await?.expect(200)?;
    Ok(())
}

async fn a_closed_team_takes_messages(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let hours = closed_today(&scene.system.database)?;
    let sales = team(&scene, json!({ "hours": hours })).await?;
    let visitor = scene.system.visitor().await?;
    let directory = visitor.http.get("/visitor/directory").await?.expect(200)?;
    let teams = directory["people"]["teams"].as_array().context("no teams")?;
    let shown = teams.iter().find(|team| team["id"] == sales.as_str()).context("not offered")?;
    ensure!(shown["available"] == false && shown["opens_at"].is_string(), "{shown}");

    let made = visitor.start(json!({ "team": sales }), Some("are you there?")).await?;
    let id = made["id"].as_str().unwrap_or_default().to_owned();
    ensure!(count(&visitor.entries(&id).await?, "left_message") == 1);
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    ensure!(is_queued(&visitor.conversation(&id).await?), "handed out by a closed team");
    scene.agent.act(&id, "claim", json!({})).await?;

    // Open again: the next one is handed out at once.
    let open = json!({ "rules": { "hours": null } });
    scene.admin.http.patch(&format!("/teams/{sales}"), open).await?.expect(200)?;
    let made = visitor.start(json!({ "team": sales }), Some("and now?")).await?;
    let id = made["id"].as_str().unwrap_or_default().to_owned();
    scene.agent.until(&id, "assigned", SOON, |c| has(c, &scene.agent)).await?;
    ensure!(count(&visitor.entries(&id).await?, "left_message") == 0);
    Ok(())
}

async fn hours_that_never_open_are_refused(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let never = json!({ "zone": "UTC", "week": vec![json!([]); 7] });
    let body = json!({ "name": "Never", "rules": { "hours": never } });
    let refused = scene.admin.http.post("/teams", body).await?.problem(422)?;
    ensure!(
        refused["errors"]["rules.hours"].as_str().is_some_and(|why| why.contains("never open")),
        "{refused}"
    );
    let teams = scene.admin.http.get("/teams").await?.expect(200)?;
    ensure!(!teams.to_string().contains("Never"), "half written: {teams}");
    Ok(())
}
