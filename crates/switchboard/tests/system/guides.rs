//! An admin composes a guide, and a visitor goes through it to people, over a restart of the server.

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use switchboard_outbound::sign;
use switchboard_testkit::system::Setup;
use switchboard_testkit::{Receiver, Shape, Signal, on_shapes, staff::SOON};

use std::time::Duration;

use crate::support::{Scene, has, items};

on_shapes!(Embedded, Cluster: [
    a_visitor_goes_through_it_over_a_restart, nonsense_for_ever_ends_with_people,
    a_server_is_asked_and_another_automation_goes_on,
]);

/// Guarantee 13: drained within this.
const DRAINED: Duration = Duration::from_secs(12);
/// As often as the greeter asks again.
const RETRIES: usize = 2;

/// A guide of this name with the greeter's steps, and what `change` does to them, published and active.
async fn guide(scene: &Scene, name: &str, change: impl FnOnce(&mut Vec<Value>)) -> anyhow::Result<()> {
    let http = &scene.admin.http;
    let made = http.post("/guides", json!({ "name": name, "title": "Reception" })).await?.expect(201)?;
    ensure!(made["guide"]["published"] == 0 && made["guide"]["active"] == false, "{made}");
    let mut steps = made["steps"].as_array().context("no steps")?.clone();
    change(&mut steps);
    let draft = json!({ "edition": made["guide"]["edition"], "steps": steps });
    let kept = http.put(&format!("/guides/{name}/draft"), draft).await?.expect(200)?;
    ensure!(kept["problems"] == json!([]), "{kept}");
    // Before it is published and activated no visitor meets it.
    let visitor = scene.system.visitor().await?;
    let start = json!({ "to": { "automation": name } });
    visitor.http.post("/visitor/conversations", start).await?.problem(404)?;
    let which = json!({ "edition": kept["guide"]["edition"] });
    let published = http.post(&format!("/guides/{name}/publish"), which).await?.expect(200)?;
    ensure!(
        published["guide"]["published"] == 1 && published["guide"]["published_at"].is_string(),
        "{published}"
    );
    http.patch(&format!("/automations/{name}"), json!({ "active": true })).await?.expect(200)?;
    let list = http.get("/automations").await?.expect(200)?;
    let shown = items(&list)?.iter().find(|one| one["name"] == name).context("not in the list")?.clone();
    ensure!(shown["health"] == "up" && shown["active"] == true, "{shown}");
    Ok(())
}

/// In front of the greeter's last step: what it is about, with a tag and a value for one of the answers.
fn with_choice(steps: &mut Vec<Value>) {
    let last = steps.len() - 1;
    let options =
        json!([{ "label": "An order", "next": "order" }, { "label": "Something else", "next": "people" }]);
    let asked = [
        json!({ "id": "about", "kind": "choose", "text": "What is it about, {name}?", "options": options,
            "save": "about", "retries": 2 }),
        json!({ "id": "order", "kind": "tag", "tag": "order" }),
        json!({ "id": "plan", "kind": "set", "key": "plan", "value": "gold" }),
    ];
    steps.splice(last..last, asked);
    for step in steps.iter_mut() {
        // Who has given no address is asked all the same.
        for field in ["then", "failed"] {
            if step[field] == "people" {
                step[field] = json!("about");
            }
        }
    }
}

async fn a_visitor_goes_through_it_over_a_restart(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    guide(&scene, "reception", with_choice).await?;
    let visitor = scene.system.visitor().await?;
    let id = visitor.ask_automation("reception", "hi").await?;
    let said = visitor.until_texts(&id, "automation", 2, SOON).await?;
    ensure!(said[1] == "What is your name?", "{said:?}");
    visitor.say(&id, "Ada Lovelace").await?;
    let said = visitor.until_texts(&id, "automation", 3, SOON).await?;
    ensure!(said[2].contains("e-mail"), "{said:?}");

    // Every node goes down in the middle, and the run goes on where it stood.
    let nodes: Vec<String> = scene.system.part_names();
    for name in &nodes {
        scene.system.process(name)?.signal(Signal::Term)?;
        let status = scene.system.process(name)?.wait(DRAINED)?;
        ensure!(status.success(), "{name}: {status}");
    }
    for name in &nodes {
        scene.system.launch(name)?;
    }
    for name in &nodes {
        scene.system.await_ready(name).await?;
    }
    scene.socket = scene.agent.online().await?;
    let rest = [("nowhere", 4, "e-mail address"), ("ada@example.com", 5, "What is it about, Ada Lovelace?")];
    for (says, count, hears) in rest {
        visitor.say(&id, says).await?;
        let said = visitor.until_texts(&id, "automation", count, SOON).await?;
        ensure!(said.len() == count && said[count - 1].contains(hears), "{said:?}");
    }
    let entries = visitor.entries(&id).await?;
    let choices = entries.iter().rev().find_map(|entry| entry["body"]["choices"].as_array());
    ensure!(choices.is_some_and(|all| all.len() == 2 && all[0]["label"] == "An order"), "{entries:?}");
    visitor.say(&id, "An order").await?;
    let (c, _) = scene.agent.until(&id, "handed to a person", SOON, |c| has(c, &scene.agent)).await?;
    ensure!(c["tags"] == json!(["order"]), "{c}");
    ensure!(visitor.texts(&id, "automation").await?.len() == 5, "something was said twice");

    // The agent knows what the guide has learnt.
    let known = &c["visitor"];
    ensure!(known["name"] == "Ada Lovelace" && known["email"] == "ada@example.com", "{known}");
    ensure!(known["verified"] == false, "a guide vouches for nobody: {known}");
    ensure!(known["attributes"] == json!({ "about": "An order", "plan": "gold" }), "{known}");
    let reasons = scene.agent.entries(&id).await?;
    let reason = reasons.iter().find(|entry| entry["body"]["event"] == "handed_off").context("no event")?;
    ensure!(reason["body"]["reason"] == "greeted by the guide", "{reason}");
    let left = scene.system.database.value("SELECT COUNT(*) FROM automation_states")?;
    ensure!(left.trim() == "0", "a run that is over leaves a state: {left}");
    Ok(())
}

async fn nonsense_for_ever_ends_with_people(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    guide(&scene, "strict", |steps| {
        steps.clear();
        steps.push(json!({ "id": "mail", "kind": "ask", "text": "Your address?", "save": "email",
            "answer": "email", "retries": RETRIES }));
        steps.push(json!({ "id": "again", "kind": "say", "text": "Thanks." , "next": "mail" }));
    })
    .await?;
    let visitor = scene.system.visitor().await?;
    let id = visitor.ask_automation("strict", "hi").await?;
    visitor.until_texts(&id, "automation", 1, SOON).await?;
    for n in 0..RETRIES {
        visitor.say(&id, "no").await?;
        let said = visitor.until_texts(&id, "automation", n + 2, SOON).await?;
        ensure!(said[n + 1].contains("does not look like an e-mail address"), "{said:?}");
    }
    visitor.say(&id, "no").await?;
    scene.agent.until(&id, "handed to a person", SOON, |c| has(c, &scene.agent)).await?;
    ensure!(visitor.texts(&id, "automation").await?.len() == RETRIES + 1, "it went on talking");
    Ok(())
}

const INSIDE: &str = "[outbound]\nallow_http = true\nallow = [\"127.0.0.0/8\"]\n";

async fn a_server_is_asked_and_another_automation_goes_on(shape: Shape) -> anyhow::Result<()> {
    let system = Setup::new(shape).configuration(INSIDE).start().await?;
    let http = &system.admin().await?.http;
    let receiver = Receiver::start().await?;
    let hook = json!({ "name": "Shop", "url": receiver.url(), "events": [] });
    let made = http.post("/webhooks", hook).await?.expect(201)?;
    let (shop, secret) = (&made["webhook"]["id"], made["secret"].as_str().context("no secret")?.to_owned());
    http.post("/guides", json!({ "name": "orders", "title": "Orders" })).await?.expect(201)?;
    let steps = json!([
        { "id": "number", "kind": "ask", "text": "Which order?", "save": "order", "answer": "number", "retries": 2 },
        { "id": "look", "kind": "call", "webhook": shop, "keep": ["status"], "otherwise": "sorry" },
        { "id": "tell", "kind": "say", "text": "It is {status}.", "next": "number" },
        { "id": "sorry", "kind": "say", "text": "We cannot see it." },
        { "id": "mat", "kind": "go", "automation": "mat" },
    ]);
    http.put("/guides/orders/draft", json!({ "edition": 1, "steps": steps })).await?.expect(200)?;
    http.post("/guides/orders/publish", json!({ "edition": 2 })).await?.expect(200)?;
    http.patch("/automations/orders", json!({ "active": true })).await?.expect(200)?;

    // Whoever picks it is greeted before a word is written.
    let visitor = system.visitor().await?;
    let c = visitor.start(json!({ "automation": "orders" }), None).await?;
    let id = c["id"].as_str().context("no id")?.to_owned();
    ensure!(visitor.texts(&id, "automation").await? == ["Which order?"], "{c}");
    receiver.says("content-type: application/json", r#"{"attributes":{"status":"on its way","other":"x"}}"#);
    visitor.say(&id, "17").await?;
    let said = visitor.until_texts(&id, "automation", 3, SOON).await?;
    ensure!(said[1..] == ["It is on its way.", "Which order?"], "{said:?}");
    let got = receiver.got();
    ensure!(got.len() == 1, "{got:?}");
    let (one, sent) = (&got[0], got[0].json());
    ensure!(sent["type"] == "guide.call" && sent["data"]["visitor"]["attributes"]["order"] == "17", "{sent}");
    let (webhook_id, stamp) =
        (one.header(sign::ID).context("no id")?, one.header(sign::TIMESTAMP).context("no time")?);
    let signed = sign::signatures(&[secret], webhook_id, stamp.parse()?, &one.body);
    ensure!(one.header(sign::SIGNATURE) == Some(&signed), "{one:?}");

    // What fails goes the other way, and on to an automation that begins with what was said last.
    receiver.answers(500);
    visitor.say(&id, "18").await?;
    let said = visitor.until_texts(&id, "automation", 5, SOON).await?;
    ensure!(
        said[3..] == ["We cannot see it.", "18"] || said[3..] == ["We cannot see it.", "mat"],
        "{said:?}"
    );
    let c = visitor.conversation(&id).await?;
    ensure!(c["owner"]["id"] == "mat", "{c}");
    let list = http.get("/automations").await?.expect(200)?;
    let orders = items(&list)?.iter().find(|one| one["name"] == "orders").context("not in the list")?.clone();
    let error = orders["last_error"].as_str().unwrap_or_default();
    ensure!(error.contains("step look") && error.contains("500"), "an admin sees what failed: {orders}");

    // Deleted while somebody is in it: people take over.
    let c = visitor.start(json!({ "automation": "orders" }), None).await?;
    let id = c["id"].as_str().context("no id")?.to_owned();
    let one = http.get("/guides/orders").await?.expect(200)?;
    ensure!(one["uses"] == json!({ "conversations": 1, "guides": [] }), "{one}");
    http.delete("/guides/orders").await?.expect(204)?;
    let c = visitor.conversation(&id).await?;
    ensure!(c["owner"]["kind"] == "queue", "{c}");
    visitor
        .http
        .post("/visitor/conversations", json!({ "to": { "automation": "orders" } }))
        .await?
        .problem(404)?;
    Ok(())
}
