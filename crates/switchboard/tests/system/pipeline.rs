//! Messages sent without waiting keep their order, and each is acknowledged and answered.

use std::time::Duration;

use anyhow::ensure;
use switchboard_testkit::{Shape, System, on_shapes, staff::SOON, unique};

use crate::support::send;

/// As many as a visitor may send at once.
const BURST: usize = 50;

on_shapes!(Embedded, Cluster, Split: [a_burst_stays_in_order_and_each_message_is_answered]);

async fn a_burst_stays_in_order_and_each_message_is_answered(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let conversation = visitor.start(serde_json::json!({ "automation": "mat" }), None).await?;
    let id = conversation["id"].as_str().unwrap_or_default().to_owned();
    let mut socket = visitor.socket().await?;

    // Mat keeps the dots, so the answer says which message it answers.
    let said: Vec<String> = (0..BURST).map(|n| format!("word{}", ".".repeat(n))).collect();
    let ids: Vec<String> = said.iter().map(|_| unique("burst")).collect();
    for (message, client) in said.iter().zip(&ids) {
        socket.send(&send(&id, client, message)).await?;
    }
    let mut last = 0;
    for client in &ids {
        let ack = socket.expect("ack", SOON).await?;
        ensure!(ack["client_msg_id"] == client.as_str(), "answered out of order: {ack}");
        let seq = ack["seq"].as_u64().unwrap_or_default();
        ensure!(seq > last, "{ack} after {last}");
        last = seq;
    }
    ensure!(socket.of_type("nack").is_empty(), "{:?}", socket.of_type("nack"));

    let expected: Vec<String> = (0..BURST).map(|n| format!("mat{}", ".".repeat(n))).collect();
    let answers = visitor.until_texts(&id, "automation", BURST, Duration::from_secs(30)).await?;
    ensure!(answers == expected, "{answers:?}");
    ensure!(visitor.texts(&id, "visitor").await? == said);
    let owner = visitor.conversation(&id).await?["owner"].clone();
    ensure!(owner["kind"] == "automation", "mat lost it: {owner}");
    Ok(())
}
