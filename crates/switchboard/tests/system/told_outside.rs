//! Servers outside are told what was committed, whatever is killed in between.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use switchboard_outbound::sign;
use switchboard_testkit::system::Setup;
use switchboard_testkit::{Received, Receiver, Shape, on_shapes, staff::SOON};

/// How long the process that tells may take to have a successor, and that to look.
const SUCCESSION: Duration = Duration::from_secs(60);
const INSIDE: &str = "[outbound]\nallow_http = true\nallow = [\"127.0.0.0/8\"]\n";
/// Messages of the visitor.
const MESSAGES: usize = 30;

on_shapes!(Embedded, Cluster, Split: [
    nothing_is_lost_when_it_is_killed_between_commit_and_telling, a_closed_network_is_not_told,
]);

fn text(one: &Received) -> Option<String> {
    one.json()["data"]["entry"]["body"]["text"].as_str().map(str::to_owned)
}

async fn nothing_is_lost_when_it_is_killed_between_commit_and_telling(shape: Shape) -> anyhow::Result<()> {
    let mut system = Setup::new(shape).configuration(INSIDE).start().await?;
    let admin = system.admin().await?;
    let receiver = Receiver::start().await?;
    let hook = json!({ "name": "CRM", "url": receiver.url(), "events": ["message.visitor", "conversation.started"] });
    let made = admin.http.post("/webhooks", hook).await?.expect(201)?;
    let secret = made["secret"].as_str().context("no secret")?.to_owned();
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("0").await?;
    receiver.until("the first is told", SOON, |got| got.len() >= 2).await?;

    let victims: Vec<String> = system
        .part_names()
        .into_iter()
        .filter(|name| !["chat", "mat", "web"].contains(&name.as_str()))
        .collect();
    for n in 1..MESSAGES {
        if n % 10 == 5 {
            // Acknowledged, and at once nobody is there who could tell it; with several, one after the other.
            let victim = victims[n / 10 % victims.len()].clone();
            system.kill(&victim)?;
            system.launch(&victim)?;
            system.await_ready(&victim).await?;
        }
        say(&visitor, &id, &n.to_string()).await?;
    }
    let all: BTreeSet<String> = (0..MESSAGES).map(|n| n.to_string()).collect();
    let got = receiver
        .until("everything is told", SUCCESSION, |got| {
            got.iter().filter_map(text).collect::<BTreeSet<_>>() == all
        })
        .await?;

    // At least once, a repeat under the same id; without the repeats in order.
    let mut seen = BTreeSet::new();
    let mut order = Vec::new();
    for one in got.iter().filter(|one| one.json()["type"] == "message.visitor") {
        let id = one.header(sign::ID).context("no id")?;
        if seen.insert(id.to_owned()) {
            order.push(one.json()["data"]["entry"]["seq"].as_i64().unwrap_or_default());
        }
        let stamp: i64 = one.header(sign::TIMESTAMP).context("no time")?.parse()?;
        let signed = sign::signatures(std::slice::from_ref(&secret), id, stamp, &one.body);
        ensure!(one.header(sign::SIGNATURE) == Some(&signed), "{one:?}");
    }
    ensure!(seen.len() == MESSAGES, "{} ids", seen.len());
    ensure!(order.is_sorted(), "{order:?}");
    let extra = got.len() - MESSAGES - 1;
    ensure!(extra <= 16, "{extra} repeats: only what was under way may be sent again");
    Ok(())
}

/// Says it until it is acknowledged.
async fn say(visitor: &switchboard_testkit::Visitor, id: &str, text: &str) -> anyhow::Result<()> {
    let body = json!({ "client_msg_id": switchboard_testkit::unique("told"), "body": { "text": text } });
    let path = format!("/visitor/conversations/{id}/messages");
    switchboard_testkit::wait::until("it is acknowledged", SOON, async || {
        let Ok(reply) = visitor.http.post(&path, body.clone()).await else { return Ok(None) };
        Ok([200, 201].contains(&reply.status.as_u16()).then_some(()))
    })
    .await?;
    Ok(())
}

async fn a_closed_network_is_not_told(shape: Shape) -> anyhow::Result<()> {
    let system = Setup::new(shape).start().await?;
    let admin = system.admin().await?;
    let receiver = Receiver::start().await?;
    let url = receiver.url().replace("http:", "https:");
    let hook = json!({ "name": "Inside", "url": url, "events": ["message.visitor"] });
    let made = admin.http.post("/webhooks", hook).await?.expect(201)?;
    let path = format!("/webhooks/{}", made["webhook"]["id"].as_str().unwrap_or_default());
    admin.http.post(&format!("{path}/test"), json!({})).await?.expect(200)?;
    let said = switchboard_testkit::wait::until("it was tried", SOON, async || {
        let list = admin.http.get(&format!("{path}/deliveries")).await?.expect(200)?;
        let first: Value = list["items"][0].clone();
        Ok((first["attempts"] == 1).then_some(first))
    });
    let (said, _) = said.await?;
    ensure!(said["said"].as_str().unwrap_or_default().contains("outbound.allow"), "{said}");
    ensure!(said["status"].is_null() && receiver.got().is_empty(), "{said}");
    Ok(())
}
