//! Reports for admins, and the same as a file for spreadsheets.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use switchboard_testkit::{Shape, on_shapes};

use crate::support::Scene;

on_shapes!(Embedded, Cluster: [an_admin_sees_what_happened, an_export_is_safe_for_spreadsheets]);

/// The figures of the one of this key.
fn figures<'a>(parts: &'a Value, key: &str) -> Option<&'a Value> {
    parts.as_array()?.iter().find(|part| part["key"] == key).map(|part| &part["figures"])
}

async fn an_admin_sees_what_happened(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let before = scene.admin.http.get("/reports").await?.expect(200)?;
    ensure!(
        before["totals"]["started"] == 0 && before["totals"]["first_reply"]["median_s"].is_null(),
        "{before}"
    );
    ensure!(before["days"].as_array().is_some_and(|days| days.len() == 7), "{before}");

    let (visitor, id) = scene.chatting().await?;
    scene.agent.say(&id, "hello, how can I help?").await?;
    scene.agent.act(&id, "resolve", json!({})).await?;
    let rating = format!("/visitor/conversations/{id}/rating");
    visitor.http.post(&rating, json!({ "score": 5 })).await?.expect(204)?;
    visitor.ask_automation("mat", "how are you?").await?;

    let seen = scene.admin.http.get("/reports?zone=Europe/Berlin").await?.expect(200)?;
    let totals = &seen["totals"];
    ensure!(totals["started"] == 2 && totals["handled"] == 1 && totals["resolved"] == 1, "{seen}");
    ensure!(totals["ratings"]["scores"] == json!([0, 0, 0, 0, 1]), "{seen}");
    ensure!(totals["first_reply"]["count"] == 1 && totals["first_reply"]["median_s"].is_i64(), "{seen}");
    ensure!(seen["zone"] == "Europe/Berlin", "{seen}");
    let days = seen["days"].as_array().context("no days")?;
    let started: i64 = days.iter().filter_map(|day| day["figures"]["started"].as_i64()).sum();
    ensure!(started == 2, "{seen}");
    ensure!(figures(&seen["agents"], &scene.agent.id).is_some_and(|agent| agent["resolved"] == 1), "{seen}");
    ensure!(figures(&seen["automations"], "mat").is_some_and(|mat| mat["started"] == 1), "{seen}");

    let long = scene.admin.http.get("/reports?from=2026-01-01&to=2026-12-31").await?.problem(422)?;
    ensure!(long["errors"]["to"].as_str().is_some_and(|reason| reason.contains("shorter")), "{long}");
    let nowhere = scene.admin.http.get("/reports?zone=Europe/Atlantis").await?.problem(422)?;
    ensure!(nowhere["errors"]["zone"].is_string(), "{nowhere}");
    Ok(())
}

async fn an_export_is_safe_for_spreadsheets(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let evil = "=HYPERLINK(\"http://x\",\"a\")";
    let agent = format!("/agents/{}", scene.agent.id);
    scene.admin.http.patch(&agent, json!({ "display_name": evil })).await?.expect(200)?;
    let (_visitor, id) = scene.chatting().await?;
    let file = scene.admin.http.get("/reports/conversations.csv").await?;
    ensure!(file.status == 200, "{}", file.status);
    ensure!(file.header("content-type").is_some_and(|kind| kind.starts_with("text/csv")));
    let place = file.header("content-disposition").context("no disposition")?;
    ensure!(place == "attachment; filename=\"conversations.csv\"", "{place}");
    let text = String::from_utf8(file.text.to_vec())?;
    let lines: Vec<&str> = text.split("\r\n").collect();
    ensure!(lines.len() == 3 && lines[2].is_empty(), "{text}");
    ensure!(lines[0].starts_with("conversation,started,queued,assigned,first_reply,"), "{text}");
    ensure!(lines[1].starts_with(&id), "{text}");
    ensure!(lines[1].contains(",\"'=HYPERLINK(\"\"http://x\"\",\"\"a\"\")\","), "{text}");
    let named = scene.admin.http.get("/reports/conversations.csv?from=2026-01-01&to=2026-01-02").await?;
    let place = named.header("content-disposition").context("no disposition")?.to_owned();
    ensure!(place.ends_with("\"conversations-2026-01-01-2026-01-02.csv\""), "{place}");
    scene.admin.http.get("/reports/conversations.csv?to=never").await?.problem(422)?;
    Ok(())
}
