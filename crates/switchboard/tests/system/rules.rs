//! Rules: when something happens, if conditions hold, then something is done, once, whatever is killed in between; and
//! the history says why.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use switchboard_testkit::system::Setup;
use switchboard_testkit::{Receiver, Shape, Staff, System, Visitor, on_shapes, staff::SOON, unique, wait};

use crate::support::{events, items};

on_shapes!(Embedded, Cluster: [
    each_trigger_does_what_its_rule_says, nothing_is_lost_or_done_twice_when_it_is_killed,
    a_team_that_closes_while_servers_are_killed_is_met_once, the_history_says_why, rules_are_tried_ordered_and_bounded,
]);

/// How long a process that looks after rules may take to have a successor, and that to look.
const SUCCESSION: Duration = Duration::from_secs(60);
/// Waits are looked at within this.
const LOOKED: Duration = Duration::from_secs(15);
const INSIDE: &str = "[outbound]\nallow_http = true\nallow = [\"127.0.0.0/8\"]\n";
/// Messages that match while servers are killed; fewer than rules may fire in an hour.
const MESSAGES: usize = 12;

async fn add(admin: &Staff, rule: Value) -> anyhow::Result<String> {
    let mut body = json!({ "name": unique("rule"), "on": true, "conditions": [], "stop": false });
    if let (Some(body), Some(rule)) = (body.as_object_mut(), rule.as_object()) {
        body.extend(rule.clone());
    }
    let made = admin.http.post("/rules", body).await?.expect(201)?;
    ensure!(made["rule"]["troubles"] == json!([]), "{made}");
    switchboard_testkit::staff::text(&made["rule"]["id"])
}

fn words(word: &str) -> Value {
    json!({ "when": "message", "pattern": { "match": "words", "words": [word] } })
}

async fn runs(admin: &Staff, query: &str) -> anyhow::Result<Vec<Value>> {
    Ok(items(&admin.http.get(&format!("/rules/runs?{query}")).await?.expect(200)?)?.clone())
}

/// A team, and an agent of it who is offline.
async fn sales(system: &System, admin: &Staff) -> anyhow::Result<(String, Staff)> {
    let made = admin.http.post("/teams", json!({ "name": unique("Sales") })).await?.expect(201)?;
    let team = switchboard_testkit::staff::text(&made["team"]["id"])?;
    let agent = system.agent(admin).await?;
    admin.http.patch(&format!("/agents/{}", agent.id), json!({ "teams": [team] })).await?.expect(200)?;
    Ok((team, agent))
}

async fn ada(system: &System) -> anyhow::Result<Visitor> {
    Visitor::arrive_as(&system.http(), json!({ "name": "Ada Lovelace" })).await
}

async fn each_trigger_does_what_its_rule_says(shape: Shape) -> anyhow::Result<()> {
    let mut system = Setup::new(shape).configuration(INSIDE).start().await?;
    let admin = system.admin().await?;
    let (team, agent) = sales(&system, &admin).await?;
    let receiver = Receiver::start().await?;
    let hook = json!({ "name": "CRM", "url": receiver.url(), "events": ["conversation.rated"] });
    let hook = admin.http.post("/webhooks", hook).await?.expect(201)?["webhook"]["id"].clone();

    let actions = json!([{ "then": "tag", "tag": "new" }, { "then": "team", "team": team }]);
    let started = add(&admin, json!({ "trigger": { "when": "started" }, "actions": actions })).await?;
    let text = "Hi {{visitor.first_name|there}}, we look at your refund.";
    let actions = json!([{ "then": "send", "text": text }, { "then": "tag", "tag": "money" }]);
    let asked = add(&admin, json!({ "trigger": words("refund"), "actions": actions })).await?;
    let actions = json!([{ "then": "priority", "priority": "urgent" }]);
    let tagged = json!({ "trigger": { "when": "tagged", "tag": "vip" }, "actions": actions });
    let tagged = add(&admin, tagged).await?;
    let trigger = json!({ "when": "waiting", "longer_than_s": 120 });
    let actions = json!([{ "then": "priority", "priority": "high" }]);
    let waits = add(&admin, json!({ "trigger": trigger, "actions": actions })).await?;
    let trigger = json!({ "when": "rated", "at_most": 2 });
    let actions = json!([{ "then": "notify", "webhook": hook }, { "then": "tag", "tag": "unhappy" }]);
    let rated = json!({ "name": "Unhappy", "trigger": trigger, "actions": actions });
    let rated = add(&admin, rated).await?;

    // A conversation starts: its label and its queue.
    let visitor = ada(&system).await?;
    let id = visitor.ask_people("hello").await?;
    let (c, _) = agent
        .until(&id, "in the team's queue", SOON, |c| {
            c["team"]["id"] == team.as_str() || c["team"] == team.as_str()
        })
        .await?;
    ensure!(c["tags"] == json!(["new"]) && c["owner"]["kind"] == "queue", "{c}");

    // A message matches: what is written back is the system's, and no answer.
    visitor.say(&id, "Where is my REFUND?").await?;
    let said = visitor.until_texts(&id, "system", 1, SOON).await?;
    ensure!(said == ["Hi Ada, we look at your refund."], "{said:?}");
    let c = agent.conversation(&id).await?;
    ensure!(c["tags"] == json!(["new", "money"]) && c["priority"] != "high", "{c}");

    // It waits for long: more urgent, once.
    let past = format!("UPDATE conversations SET waiting_since = waiting_since - 121000 WHERE id = '{id}'");
    system.database.sql(&past)?;
    agent.until(&id, "more urgent", LOOKED, |c| c["priority"] == "high").await?;
    let list = json!({ "add": ["vip"] });
    agent.http.post(&format!("/conversations/{id}/tags"), list).await?.expect(200)?;
    agent.until(&id, "urgent", SOON, |c| c["priority"] == "urgent").await?;

    // A low rating: a server is told. A better one tells nobody.
    let path = format!("/visitor/conversations/{id}/rating");
    visitor.http.post(&path, json!({ "score": 5 })).await?.expect(204)?;
    visitor.http.post(&path, json!({ "score": 1 })).await?.expect(204)?;
    let fired = |got: &[switchboard_testkit::Received]| {
        got.iter()
            .map(switchboard_testkit::Received::json)
            .filter(|one| one["type"] == "rule.fired")
            .collect::<Vec<_>>()
    };
    let got = receiver.until("the rule tells", SUCCESSION, |got| !fired(got).is_empty()).await?;
    let told = fired(&got);
    ensure!(told.len() == 1 && told[0]["data"]["rule"]["name"] == "Unhappy", "{told:?}");
    ensure!(told[0]["data"]["happened"] == json!({ "when": "rated", "rating": 1 }), "{told:?}");
    ensure!(told[0]["data"]["conversation"]["id"] == id.as_str(), "{told:?}");

    // All of it is in the history, once, and a restart adds nothing.
    let seen = async || {
        let mut fired: Vec<String> = Vec::new();
        for run in runs(&admin, &format!("conversation={id}")).await? {
            ensure!(run["fired"] == true && run["why"] == "every condition held", "{run}");
            fired.push(run["rule"].as_str().unwrap_or_default().to_owned());
        }
        anyhow::Ok(fired)
    };
    ensure!(
        seen().await? == [&rated, &tagged, &waits, &asked, &started].map(String::clone),
        "{:?}",
        seen().await?
    );
    for name in system.part_names() {
        system.kill(&name)?;
        system.launch(&name)?;
    }
    for name in system.part_names() {
        system.await_ready(&name).await?;
    }
    visitor.say(&id, "a refund, please").await?;
    visitor.until_texts(&id, "system", 2, SUCCESSION).await?;
    ensure!(seen().await?.len() == 6, "{:?}", seen().await?);
    Ok(())
}

/// Says it until it is acknowledged.
async fn say(visitor: &Visitor, id: &str, text: &str) -> anyhow::Result<()> {
    let body = json!({ "client_msg_id": unique("rule"), "body": { "text": text } });
    let path = format!("/visitor/conversations/{id}/messages");
    wait::until("it is acknowledged", SOON, async || {
        let Ok(reply) = visitor.http.post(&path, body.clone()).await else { return Ok(None) };
        Ok([200, 201].contains(&reply.status.as_u16()).then_some(()))
    })
    .await?;
    Ok(())
}

async fn nothing_is_lost_or_done_twice_when_it_is_killed(shape: Shape) -> anyhow::Result<()> {
    let mut system = Setup::new(shape).start().await?;
    let admin = system.admin().await?;
    let actions = json!([{ "then": "send", "text": "Seen." }]);
    let rule = add(&admin, json!({ "trigger": words("refund"), "actions": actions })).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("hello").await?;
    let victims: Vec<String> = system
        .part_names()
        .into_iter()
        .filter(|name| !["chat", "mat", "web"].contains(&name.as_str()))
        .collect();
    for n in 0..MESSAGES {
        say(&visitor, &id, &format!("refund {n}")).await?;
        if n % 4 == 1 {
            // Acknowledged, and at once nobody is there who could look at it.
            let victim = victims[n / 4 % victims.len()].clone();
            system.kill(&victim)?;
            system.launch(&victim)?;
            system.await_ready(&victim).await?;
        }
    }
    visitor.until_texts(&id, "system", MESSAGES, SUCCESSION).await?;
    // Whoever comes last, and looks back, does nothing more.
    for victim in &victims {
        system.kill(victim)?;
        system.launch(victim)?;
        system.await_ready(victim).await?;
    }
    say(&visitor, &id, "one more refund").await?;
    let said = visitor.until_texts(&id, "system", MESSAGES + 1, SUCCESSION).await?;
    ensure!(said.len() == MESSAGES + 1, "{} answers", said.len());
    let noted = runs(&admin, &format!("rule={rule}&limit=100")).await?;
    ensure!(noted.len() == MESSAGES + 1, "{} runs", noted.len());
    Ok(())
}

/// Hours in UTC, the same every day, that end when the next minute begins, and how long that takes; not within the few
/// seconds that a test needs before.
fn until_next_minute() -> (Value, Duration) {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    let end = (now + 20).div_ceil(60) * 60;
    let time = |at: u64| format!("{:02}:{:02}", at / 3_600 % 24, at / 60 % 60);
    let span = match time(end).as_str() {
        "00:00" => json!({ "from": "00:00", "to": "24:00" }),
        time => json!({ "from": "00:00", "to": time }),
    };
    let mut week = vec![json!([span]); 7];
    if span["to"] == "24:00" {
        // Tomorrow must be closed for today to end; the first of January 1970 was a Thursday.
        let tomorrow = usize::try_from((end / 86_400 + 3) % 7).unwrap_or_default();
        week[tomorrow] = json!([]);
    }
    (json!({ "zone": "UTC", "week": week, "holidays": [] }), Duration::from_secs(end - now))
}

async fn a_team_that_closes_while_servers_are_killed_is_met_once(shape: Shape) -> anyhow::Result<()> {
    let mut system = Setup::new(shape).start().await?;
    let admin = system.admin().await?;
    let (team, agent) = sales(&system, &admin).await?;
    let (hours, left) = until_next_minute();
    let path = format!("/teams/{team}");
    admin.http.patch(&path, json!({ "rules": { "hours": hours } })).await?.expect(200)?;
    let trigger = json!({ "when": "hours", "team": team, "open": false });
    let send =
        json!([{ "then": "send", "text": "We are back tomorrow." }, { "then": "tag", "tag": "night" }]);
    let closes = add(&admin, json!({ "trigger": trigger, "actions": send })).await?;
    let visitor = system.visitor().await?;
    let started = visitor.start(json!({ "team": team }), Some("hello")).await?;
    let id = switchboard_testkit::staff::text(&started["id"])?;
    agent.until(&id, "in the queue", SOON, |c| c["owner"]["kind"] == "queue").await?;
    ensure!(visitor.texts(&id, "system").await?.is_empty(), "it has not closed yet");

    // Whoever looks is killed when it closes, and again.
    tokio::time::sleep(left.saturating_sub(Duration::from_secs(1))).await;
    let victims: Vec<String> = system
        .part_names()
        .into_iter()
        .filter(|name| !["chat", "mat", "web"].contains(&name.as_str()))
        .collect();
    for victim in victims.iter().chain(&victims) {
        system.kill(victim)?;
        system.launch(victim)?;
        system.await_ready(victim).await?;
    }
    let said = visitor.until_texts(&id, "system", 1, SUCCESSION).await?;
    ensure!(said == ["We are back tomorrow."], "{said:?}");
    for victim in &victims {
        system.kill(victim)?;
        system.launch(victim)?;
        system.await_ready(victim).await?;
    }
    tokio::time::sleep(LOOKED).await;
    ensure!(visitor.texts(&id, "system").await?.len() == 1, "it is said twice");
    let noted = runs(&admin, &format!("rule={closes}")).await?;
    ensure!(noted.len() == 1 && noted[0]["when"] == "hours" && noted[0]["fired"] == true, "{noted:?}");
    Ok(())
}

async fn the_history_says_why(shape: Shape) -> anyhow::Result<()> {
    let system = Setup::new(shape).start().await?;
    let admin = system.admin().await?;
    let visitor = ada(&system).await?;
    let id = visitor.ask_people("refund").await?;
    // What happened before a rule was made does not concern it.
    let tag = |tag: &str| json!([{ "then": "tag", "tag": tag }]);
    let conditions =
        json!([{ "if": "email", "known": true }, { "if": "tagged", "tag": "vip", "has": false }]);
    let picky =
        add(&admin, json!({ "trigger": words("refund"), "conditions": conditions, "actions": tag("a") }))
            .await?;
    let first = json!({ "name": "First", "trigger": words("refund"), "actions": tag("b"), "stop": true });
    let first = add(&admin, first).await?;
    let later = add(&admin, json!({ "trigger": words("refund"), "actions": tag("c") })).await?;
    let off = add(&admin, json!({ "on": false, "trigger": words("refund"), "actions": tag("d") })).await?;
    let end = json!([{ "then": "tag", "tag": "b" }, { "then": "resolve" }]);
    let ends = add(&admin, json!({ "trigger": words("bye"), "actions": end })).await?;
    visitor.say(&id, "a refund, please").await?;
    let fired = wait::until("the first rule fires", SOON, async || {
        Ok(runs(&admin, &format!("rule={first}")).await?.first().cloned())
    });
    let (fired, _) = fired.await?;
    ensure!(fired["fired"] == true && fired["when"] == "message", "{fired}");
    ensure!(fired["steps"] == json!([{ "action": { "then": "tag", "tag": "b" } }]), "{fired}");
    let one = async |rule: &str| {
        let all = runs(&admin, &format!("rule={rule}&conversation={id}")).await?;
        ensure!(all.len() == 1, "{all:?}");
        Ok(all[0].clone())
    };
    let not = one(&picky).await?;
    ensure!(not["fired"] == false && not["why"] == "a condition did not hold", "{not}");
    let checks = not["checks"].as_array().context("no checks")?;
    ensure!(checks[0]["held"] == false && checks[0]["why"] == "the e-mail address is not known", "{not}");
    ensure!(checks[1]["held"] == true, "{not}");
    let stopped = one(&later).await?;
    ensure!(
        stopped["fired"] == false && stopped["why"].as_str().unwrap_or_default().ends_with(": First"),
        "{stopped}"
    );
    ensure!(runs(&admin, &format!("rule={off}")).await?.is_empty(), "a rule that is off is not looked at");

    visitor.say(&id, "bye").await?;
    visitor.until(&id, "ended", SOON, |c| c["status"] == "resolved").await?;
    let ended = one(&ends).await?;
    ensure!(
        ended["steps"][0]["skipped"] == "it is so already" && ended["steps"][1]["skipped"].is_null(),
        "{ended}"
    );
    let entries = visitor.entries(&id).await?;
    ensure!(events(&entries).ends_with(&["resolved"]), "{entries:?}");
    // What a rule does triggers no rule, and its history survives it.
    admin.http.delete(&format!("/rules/{first}")).await?.expect(204)?;
    ensure!(runs(&admin, &format!("rule={first}")).await?.len() == 1, "its history is gone");
    Ok(())
}

async fn rules_are_tried_ordered_and_bounded(shape: Shape) -> anyhow::Result<()> {
    let system = Setup::new(shape).start().await?;
    let admin = system.admin().await?;
    let visitor = ada(&system).await?;
    let id = visitor.ask_people("my refund").await?;
    let send =
        json!([{ "then": "send", "text": "Hi {{visitor.name}}." }, { "then": "automation", "name": "gone" }]);
    let rule = json!({
        "name": "", "on": false, "trigger": words("refund"), "conditions": [{ "if": "owner", "is": "queue" }], "actions": send,
    });
    let tried = json!({ "rule": rule, "conversation": id });
    let tried = admin.http.post("/rules/try", tried).await?.expect(200)?;
    ensure!(tried["fires"] == true && tried["steps"][0]["action"]["text"] == "Hi Ada Lovelace.", "{tried}");
    ensure!(tried["steps"][1]["skipped"].as_str().unwrap_or_default().contains("not active"), "{tried}");
    let sample = json!({ "rule": rule, "sample": { "text": "hello" } });
    let tried = admin.http.post("/rules/try", sample).await?.expect(200)?;
    ensure!(tried["fires"] == false && tried["why"] == "the message does not match", "{tried}");
    let rated = json!({ "name": "x", "on": true, "trigger": { "when": "rated", "at_most": 2 }, "conditions": [], "actions": send });
    let tried =
        admin.http.post("/rules/try", json!({ "rule": rated, "conversation": id })).await?.expect(200)?;
    ensure!(tried["fires"] == false && tried["why"] == "it is not rated", "{tried}");
    ensure!(visitor.texts(&id, "system").await?.is_empty(), "a dry run has done something");

    // What is wrong is said where it is.
    let bad = json!({
        "name": "Bad", "on": true, "trigger": { "when": "message", "pattern": { "match": "regex", "expression": "(" } },
        "conditions": [], "actions": [{ "then": "resolve" }],
    });
    let said = admin.http.post("/rules", bad).await?.problem(422)?;
    ensure!(said["errors"]["trigger"].is_string(), "{said}");
    let bad = json!({ "name": "Bad", "on": true, "trigger": { "when": "started" }, "conditions": [],
        "actions": [{ "then": "tag", "tag": "x" }, { "then": "send", "text": "Hi {{visitor.age}}" }] });
    let said = admin.http.post("/rules", bad).await?.problem(422)?;
    ensure!(said["errors"]["actions.1"].as_str().unwrap_or_default().contains("visitor.age"), "{said}");

    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(add(&admin, json!({ "name": n.to_string(), "trigger": { "when": "started" }, "actions": [{ "then": "tag", "tag": "x" }] })).await?);
    }
    ids.rotate_left(1);
    let after = admin.http.put("/rules/order", json!({ "ids": ids })).await?.expect(200)?;
    let order: Vec<&str> = items(&after)?.iter().filter_map(|one| one["id"].as_str()).collect();
    ensure!(order == ids, "{order:?}");
    admin.http.put("/rules/order", json!({ "ids": [ids[0], ids[1]] })).await?.problem(409)?;
    // A flood gets no further than the bound.
    let flood =
        add(&admin, json!({ "trigger": words("again"), "actions": [{ "then": "tag", "tag": "y" }] })).await?;
    for n in 0..32 {
        visitor.say(&id, &format!("again {n}")).await?;
    }
    let all = wait::until("all were looked at", LOOKED, async || {
        let all = runs(&admin, &format!("rule={flood}&limit=100")).await?;
        Ok((all.len() == 32).then_some(all))
    });
    let (all, _) = all.await?;
    let fired = all.iter().filter(|run| run["fired"] == true).count();
    ensure!(fired <= 30 && fired > 0, "{fired}");
    ensure!(all[0]["why"].as_str().unwrap_or_default().starts_with("too many"), "{}", all[0]);
    Ok(())
}
