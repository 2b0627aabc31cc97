//! An automation in any language: a program that knows NATS and the contract, and nothing else of ours.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use switchboard_testkit::{PlainNats, Shape, Staff, System, on_shapes, staff::SOON, wait};
use tokio::task::JoinHandle;

use crate::support::is_queued;

/// Contract §6: a new service appears within this.
const DISCOVERED: Duration = Duration::from_secs(10);

on_shapes!(Cluster, Split: [discovered_activated_and_answering, its_errors_hand_over_to_people, a_loop_ends_with_people]);

/// The Services API and one function from a turn to a reply. Text `fail` is answered with an error, `slow` with two
/// signs of life first, `nonsense` with what is no reply, `loop` with more than anybody may say.
async fn shout(url: String) -> anyhow::Result<()> {
    let id = "instance-1";
    let identity = json!({
        "name": "shout", "id": id, "version": "1.0.0",
        "metadata": { "switchboard": "automation", "title": "Shout", "description": "Says it louder." },
    });
    let subject = "switchboard.v1.automation.shout.turn";
    let mut nats = PlainNats::connect(&url).await?;
    for verb in ["PING", "INFO", "STATS"] {
        for subject in
            [format!("$SRV.{verb}"), format!("$SRV.{verb}.shout"), format!("$SRV.{verb}.shout.{id}")]
        {
            nats.subscribe(&subject, None).await?;
        }
    }
    nats.subscribe(subject, Some("q")).await?;
    loop {
        let message = nats.next().await?;
        let Some(reply) = message.reply.clone() else { continue };
        let verb = message.subject.split('.').nth(1).unwrap_or_default().to_ascii_lowercase();
        if message.subject.starts_with("$SRV.") {
            let mut answer = identity.clone();
            answer["type"] = json!(format!("io.nats.micro.v1.{verb}_response"));
            if verb != "ping" {
                answer["description"] = json!("Says it louder.");
                answer["endpoints"] = json!([{ "name": "turn", "subject": subject, "queue_group": "q" }]);
            }
            nats.publish_json(&reply, &answer).await?;
            continue;
        }
        let turn = message.json();
        let texts: Vec<&str> =
            turn["messages"].as_array().into_iter().flatten().filter_map(|m| m["text"].as_str()).collect();
        if texts.contains(&"fail") {
            let headers = [("Nats-Service-Error", "no voice"), ("Nats-Service-Error-Code", "500")];
            nats.publish_headers(&reply, &headers).await?;
            continue;
        }
        if texts.contains(&"slow") {
            for _ in 0..2 {
                nats.publish_json(&reply, &json!({ "working": true, "extend_ms": 4_000 })).await?;
                tokio::time::sleep(Duration::from_secs(3)).await;
            }
        }
        if texts.contains(&"nonsense") {
            nats.publish(&reply, b"{\"messages\": 7}").await?;
            continue;
        }
        let texts = if texts.contains(&"loop") { vec!["again"; 15] } else { texts };
        let louder: Vec<Value> = texts.iter().map(|text| json!({ "text": text.to_uppercase() })).collect();
        nats.publish_json(&reply, &json!({ "messages": louder, "then": "wait" })).await?;
    }
}

struct Running(JoinHandle<anyhow::Result<()>>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn find(admin: &Staff, name: &str) -> anyhow::Result<Option<Value>> {
    let list = admin.http.get("/automations").await?.expect(200)?;
    let items = list.as_array().or(list["items"].as_array()).context("no list")?;
    Ok(items.iter().find(|item| item["name"] == name).cloned())
}

async fn activated(system: &System) -> anyhow::Result<(Staff, Running)> {
    let admin = system.admin().await?;
    let url = system.nats.as_ref().context("no bus")?.url();
    let running = Running(tokio::spawn(shout(url)));
    let look = wait::until("shout in the list", DISCOVERED, async || find(&admin, "shout").await);
    let (found, _) = Box::pin(look).await?;
    ensure!(found["active"] == false && found["title"] == "Shout", "{found}");
    ensure!(found["description"] == "Says it louder.", "{found}");
    let visitor = system.visitor().await?;
    // Found is not allowed: an admin decides.
    let start = json!({ "to": { "automation": "shout" } });
    visitor.http.post("/visitor/conversations", start).await?.problem(404)?;
    let directory = visitor.http.get("/visitor/directory").await?.expect(200)?;
    ensure!(!directory.to_string().contains("shout"), "{directory}");
    let body = json!({ "active": true, "public": true });
    let changed = admin.http.patch("/automations/shout", body).await?.expect(200)?;
    ensure!(changed["automation"]["active"] == true, "{changed}");
    let directory = visitor.http.get("/visitor/directory").await?.expect(200)?;
    ensure!(directory.to_string().contains("shout"), "{directory}");
    Ok((admin, running))
}

async fn discovered_activated_and_answering(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let (admin, running) = activated(&system).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_automation("shout", "hello there").await?;
    ensure!(visitor.until_texts(&id, "automation", 1, SOON).await? == ["HELLO THERE"]);
    visitor.say(&id, "slow").await?;
    let texts = visitor.until_texts(&id, "automation", 2, Duration::from_secs(12)).await?;
    ensure!(texts == ["HELLO THERE", "SLOW"], "{texts:?}");

    // Gone: visible to the admin, and its visitors go to people.
    drop(running);
    let gone = wait::until("down", Duration::from_secs(40), async || {
        Ok(find(&admin, "shout").await?.filter(|found| found["health"] != "up"))
    });
    Box::pin(gone).await?;
    visitor.say(&id, "anybody?").await?;
    visitor.until(&id, "handed to people", Duration::from_secs(20), is_queued).await?;
    Ok(())
}

async fn its_errors_hand_over_to_people(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let (admin, _running) = activated(&system).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_automation("shout", "fail").await?;
    visitor.until(&id, "handed to people", Duration::from_secs(20), is_queued).await?;
    let shown = find(&admin, "shout").await?.context("gone")?;
    ensure!(shown["last_error"].as_str().is_some_and(|error| error.contains("no voice")), "{shown}");
    // Deactivated: out of the directory, and what it owns goes to people within 5 s.
    let other = visitor.ask_automation("shout", "still well").await?;
    visitor.until_texts(&other, "automation", 1, SOON).await?;
    admin.http.patch("/automations/shout", json!({ "active": false })).await?.expect(200)?;
    visitor.until(&other, "handed to people", Duration::from_secs(5), is_queued).await?;
    visitor
        .http
        .post("/visitor/conversations", json!({ "to": { "automation": "shout" } }))
        .await?
        .problem(404)?;
    Ok(())
}

async fn a_loop_ends_with_people(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let (_admin, _running) = activated(&system).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_automation("shout", "loop").await?;
    visitor.until(&id, "handed to people", SOON, is_queued).await?;
    ensure!(visitor.texts(&id, "automation").await? == ["AGAIN"; 10], "ten in a row, and no more");
    let other = visitor.ask_automation("shout", "nonsense").await?;
    visitor.until(&other, "handed to people", Duration::from_secs(20), is_queued).await?;
    ensure!(visitor.texts(&other, "automation").await?.is_empty());
    Ok(())
}
