//! Two routers by accident: the first stood still and does not know that it has a successor. Work may be wasted, and
//! nothing is done twice.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use switchboard_testkit::{PlainNats, Shape, Signal, System, on_shapes, wait};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Contract §6: a new service appears within this.
const DISCOVERED: Duration = Duration::from_secs(10);
/// How long a lock on a dead connection may stay: the server ends it after 8 s of silence.
const SUCCESSION: Duration = Duration::from_secs(40);
/// How long the first router may take to do what it still has in mind.
const AFTERMATH: Duration = Duration::from_secs(4);
const NAME: &str = "slow";

on_shapes!(Cluster: [a_reply_heard_by_two_routers_is_applied_once]);

/// Answers whoever asks which automations there are, for as long as it is let.
async fn announce(url: String) -> anyhow::Result<()> {
    let mut nats = PlainNats::connect(&url).await?;
    for subject in ["$SRV.*".to_owned(), format!("$SRV.*.{NAME}"), format!("$SRV.*.{NAME}.one")] {
        nats.subscribe(&subject, None).await?;
    }
    loop {
        let message = nats.next().await?;
        let Some(reply) = message.reply else { continue };
        let verb = message.subject.split('.').nth(1).unwrap_or_default().to_ascii_lowercase();
        let mut answer = json!({
            "type": format!("io.nats.micro.v1.{verb}_response"), "name": NAME, "id": "one", "version": "1.0.0",
            "metadata": { "switchboard": "automation", "title": "Slow", "description": "Takes its time." },
        });
        if verb != "ping" {
            answer["description"] = json!("Takes its time.");
            answer["endpoints"] = json!([{ "name": "turn", "subject": subject(), "queue_group": "q" }]);
        }
        nats.publish_json(&reply, &answer).await?;
    }
}

fn subject() -> String {
    format!("switchboard.v1.automation.{NAME}.turn")
}

fn reply(text: &str) -> Value {
    json!({ "messages": [{ "text": text }], "then": "wait" })
}

/// Ends with the test.
struct Ended(JoinHandle<anyhow::Result<()>>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn a_reply_heard_by_two_routers_is_applied_once(shape: Shape) -> anyhow::Result<()> {
    let mut system = System::start(shape).await?;
    let admin = system.admin().await?;
    let url = system.nats.as_ref().context("no bus")?.url();
    let _announcing = Ended(tokio::spawn(announce(url.clone())));
    let mut nats = PlainNats::connect(&url).await?;
    nats.subscribe(&subject(), Some("q")).await?;
    let found = wait::until("in the list", DISCOVERED, async || {
        let body = json!({ "active": true, "public": true });
        let reply = admin.http.patch(&format!("/automations/{NAME}"), body).await?;
        Ok((reply.status == 200).then_some(()))
    });
    Box::pin(found).await?;

    // The other node has just come, so the first one routes.
    system.kill("node-1")?;
    let mat = system.visitor().await?;
    let warm = mat.ask_automation("mat", "who routes?").await?;
    mat.until_texts(&warm, "automation", 1, SUCCESSION).await?;
    system.restart("node-1").await?;

    let mut visitor = system.visitor().await?;
    visitor.http = visitor.http.at(system.far_http().address());
    let id = visitor.ask_automation(NAME, "take your time").await?;
    let first = timeout(DISCOVERED, nats.next()).await.context("no turn came")??;
    system.process("node-0")?.signal(Signal::Stop)?;
    nats.publish_json(first.reply.as_deref().unwrap_or_default(), &reply("for the first")).await?;

    let second = timeout(SUCCESSION, nats.next()).await.context("nobody succeeded")??;
    ensure!(second.json()["turn"] == first.json()["turn"], "another turn: {:?}", second.json());
    nats.publish_json(second.reply.as_deref().unwrap_or_default(), &reply("for the second")).await?;
    visitor.until_texts(&id, "automation", 1, DISCOVERED).await?;

    system.process("node-0")?.signal(Signal::Cont)?;
    tokio::time::sleep(AFTERMATH).await;
    let said = visitor.texts(&id, "automation").await?;
    ensure!(said == ["for the second"], "answered twice: {said:?}");
    // And it goes on: whoever routes now asks once, and the answer to that counts.
    visitor.say(&id, "once more").await?;
    let third = timeout(SUCCESSION, nats.next()).await.context("nobody routes")??;
    nats.publish_json(third.reply.as_deref().unwrap_or_default(), &reply("for the third")).await?;
    visitor.until_texts(&id, "automation", 2, DISCOVERED).await?;
    Ok(())
}
