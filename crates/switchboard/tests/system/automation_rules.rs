//! How an admin says an automation is to be used: how much at a time, when, and where what it hands over goes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use switchboard_testkit::puppet::{Act, Puppet, Role, says};
use switchboard_testkit::{Shape, Staff, System, on_shapes, staff::SOON, wait};

use crate::support::{is_queued, items};

on_shapes!(Embedded: [hours_and_teams]);
on_shapes!(Cluster: [hours_and_teams, no_more_turns_at_a_time_than_allowed]);

/// Contract §6: a new service appears within this.
const DISCOVERED: Duration = Duration::from_secs(10);

/// How long a turn of the slow one takes.
const BUSY: Duration = Duration::from_millis(1_500);

async fn patched(admin: &Staff, name: &str, rules: Value) -> anyhow::Result<Value> {
    let path = format!("/automations/{name}");
    Ok(admin.http.patch(&path, json!({ "rules": rules })).await?.expect(200)?["automation"].clone())
}

/// Hours that hold today or never again for a year.
fn hours(open: bool) -> Value {
    let day = json!([{ "from": "00:00", "to": "24:00" }]);
    let holidays: Vec<Value> = Vec::new();
    let mut week = vec![json!([]); 7];
    if open {
        week.fill(day);
    } else {
        // Some day that is neither today nor, whatever the time zone of the test, tomorrow or yesterday.
        let days = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs() / 86_400);
        week[usize::try_from((days + 3 + 3) % 7).unwrap_or_default()] = day;
    }
    json!({ "zone": "UTC", "week": week, "holidays": holidays })
}

async fn hours_and_teams(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let visitor = system.visitor().await?;
    let made = admin.http.post("/teams", json!({ "name": "Sales" })).await?.expect(201)?;
    let sales = made["team"]["id"].as_str().context("no id")?.to_owned();

    // What it hands over goes to the team, whoever asks.
    let shown = patched(&admin, "mat", json!({ "handoff_team": sales })).await?;
    ensure!(
        shown["rules"]["handoff_team"] == sales.as_str() && shown["rules"]["concurrency"] == 64,
        "{shown}"
    );
    let id = visitor.ask_automation("mat", "one").await?;
    visitor.until_texts(&id, "automation", 1, SOON).await?;
    visitor.http.post(&format!("/visitor/conversations/{id}/handoff"), json!({})).await?.expect(200)?;
    visitor.until(&id, "the team's", SOON, |c| is_queued(c) && c["team"] == sales.as_str()).await?;

    // Outside of its hours it is not offered, and what it has it keeps.
    let kept = visitor.ask_automation("mat", "one").await?;
    let shown = patched(&admin, "mat", json!({ "hours": hours(false) })).await?;
    ensure!(shown["open"] == false, "{shown}");
    let directory = visitor.http.get("/visitor/directory").await?.expect(200)?;
    ensure!(!directory["automations"].to_string().contains("mat\""), "{directory}");
    let start = json!({ "to": { "automation": "mat" } });
    visitor.http.post("/visitor/conversations", start.clone()).await?.problem(404)?;
    visitor.say(&kept, "two").await?;
    visitor.until_texts(&kept, "automation", 2, SOON).await?;
    // Or people come instead, of the team.
    let rules = json!({ "hours": hours(false), "outside": "people", "handoff_team": sales });
    patched(&admin, "mat", rules).await?;
    let started = visitor.http.post("/visitor/conversations", start.clone()).await?.expect(201)?;
    ensure!(is_queued(&started) && started["team"] == sales.as_str(), "{started}");
    // Within hours all is as ever.
    ensure!(patched(&admin, "mat", json!({ "hours": hours(true) })).await?["open"] == true);
    let started = visitor.http.post("/visitor/conversations", start.clone()).await?.expect(201)?;
    ensure!(started["owner"]["kind"] == "automation", "{started}");

    // By a team's hours: while it is closed, for the night.
    let closed = json!({ "rules": { "hours": hours(false) } });
    admin.http.patch(&format!("/teams/{sales}"), closed).await?.expect(200)?;
    let by = |when: &str| json!({ "team_hours": { "team": sales, "when": when } });
    ensure!(patched(&admin, "mat", by("open")).await?["open"] == false);
    ensure!(patched(&admin, "mat", by("closed")).await?["open"] == true);
    // A team that is deleted has no hours.
    admin.http.delete(&format!("/teams/{sales}")).await?.expect(204)?;
    let list = admin.http.get("/automations").await?.expect(200)?;
    let mat = items(&list)?.iter().find(|one| one["name"] == "mat").context("no mat")?.clone();
    ensure!(mat["open"] == true && mat["rules"]["team_hours"].is_null(), "{mat}");

    // What makes no sense is refused, with the field.
    for (rules, field) in [
        (json!({ "concurrency": 0 }), "rules.concurrency"),
        (json!({ "concurrency": 513 }), "rules.concurrency"),
        (json!({ "handoff_team": sales }), "rules.handoff_team"),
        (json!({ "outside": "closed" }), "rules.outside"),
        (json!({ "team_hours": { "team": "none", "when": "open" } }), "rules.team_hours.team"),
        (json!({ "hours": { "zone": "Mars/Olympus", "week": vec![json!([]); 7] } }), "rules.hours"),
    ] {
        let refused = admin.http.patch("/automations/mat", json!({ "rules": rules })).await?.problem(422)?;
        ensure!(refused["errors"].get(field).is_some(), "{refused}: {field}");
    }
    Ok(())
}

async fn no_more_turns_at_a_time_than_allowed(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let url = system.nats.as_ref().context("no bus")?.url();
    let times = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&times);
    let slow = Puppet::start(&url, Role::honest("slow", "Slow"), move |_| {
        noted.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
        vec![Act::Pause(BUSY), says(&["done"])]
    });
    let found = wait::until("slow in the list", DISCOVERED, async || {
        let list = admin.http.get("/automations").await?.expect(200)?;
        Ok(items(&list)?.iter().find(|one| one["name"] == "slow").cloned())
    });
    Box::pin(found).await?;
    let body = json!({ "active": true, "rules": { "concurrency": 2 } });
    admin.http.patch("/automations/slow", body).await?.expect(200)?;
    let visitor = system.visitor().await?;
    let mut all = Vec::new();
    for _ in 0..4 {
        all.push(visitor.ask_automation("slow", "hello").await?);
    }
    for id in &all {
        visitor.until_texts(id, "automation", 1, SOON).await?;
    }
    let asked = times.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let later = asked.windows(3).all(|three| three[2] - three[0] >= BUSY);
    ensure!(later && asked.len() == 4, "more than two turns were out at a time: {asked:?}");
    ensure!(slow.asked() == 4, "each was asked once: {}", slow.asked());

    // The admin sees how many there are and what they have done, as they say.
    let seen = wait::until("instances and counts", Duration::from_secs(20), async || {
        let list = admin.http.get("/automations").await?.expect(200)?;
        let slow = items(&list)?.iter().find(|one| one["name"] == "slow").cloned();
        Ok(slow.filter(|one| one["instances"] == 1 && one["counts"]["turns"] == 0))
    });
    Box::pin(seen).await?;
    let id = visitor.ask_automation("mat", "hello").await?;
    visitor.until_texts(&id, "automation", 1, SOON).await?;
    let mat = wait::until("what mat has done", Duration::from_secs(20), async || {
        let list = admin.http.get("/automations").await?.expect(200)?;
        let mat = items(&list)?.iter().find(|one| one["name"] == "mat").cloned();
        let worked = |one: &Value| one["counts"]["turns"].as_i64().is_some_and(|turns| turns > 0);
        // One in each node.
        Ok(mat.filter(|one| worked(one) && one["instances"] == 2))
    });
    Box::pin(mat).await?;
    Ok(())
}
