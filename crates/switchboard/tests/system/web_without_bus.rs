//! A web part alone, cut off from the bus: it says so, keeps the visitors, and sends staff away for a moment.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, unique};

use crate::support::{Scene, answer, send};

/// Guarantee 15: without an answer for five seconds staff sockets close; here with room for a slow machine.
const LEASE_LOST: Duration = Duration::from_secs(8);

/// What has been written already is here within this.
const AT_ONCE: Duration = Duration::from_millis(150);
/// A message is refused within this, unless what became of it is kept back.
const REFUSED: Duration = Duration::from_millis(400);
/// After this without an answer nothing is written to staff any more, and their sockets still stand.
const UNVOUCHED: Duration = Duration::from_millis(1_600);

on_shapes!(Split: [visitors_stay_staff_come_back, nothing_is_stored_behind_a_refusal_that_is_kept_back]);

/// If it were, and the socket lost then, the refused message would be sent again and come behind it.
async fn nothing_is_stored_behind_a_refusal_that_is_kept_back(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let nats = scene.system.nats.as_ref().context("no bus")?;
    // Frozen and not killed: it is back at once, long before the socket is given up.
    nats.pause()?;
    tokio::time::sleep(UNVOUCHED).await;
    let first = unique("first");
    scene.socket.send(&send(&id, &first, "first")).await?;
    tokio::time::sleep(REFUSED).await;
    nats.resume()?;
    let begun = Instant::now();
    while visitor.texts(&id, "agent").await.unwrap_or_default().is_empty() {
        ensure!(begun.elapsed() < LEASE_LOST, "nothing is taken any more: {:?}", scene.socket.ended());
        scene.socket.send(&send(&id, &unique("later"), "later")).await?;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mine = |frame: &serde_json::Value| frame["client_msg_id"] == first.as_str();
    let told = scene.socket.expect_where("what became of the first", AT_ONCE, mine).await;
    let told = told.context("a later message is stored, and of the first nothing was said")?;
    ensure!(told["type"] == "nack" && told["code"] == "retry", "{told}");
    Ok(())
}

async fn visitors_stay_staff_come_back(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let mut window = visitor.socket().await?;
    let nats = scene.system.nats.as_ref().context("no bus")?;
    nats.kill()?;
    let client = unique("cut-off");
    window.send(&send(&id, &client, "anybody?")).await?;
    let nack = answer(&mut window, &client).await?;
    ensure!(nack["type"] == "nack" && nack["code"] == "retry", "{nack}");
    let body = json!({ "client_msg_id": unique("cut-off"), "body": { "text": "hello?" } });
    visitor.http.post(&format!("/visitor/conversations/{id}/messages"), body).await?.problem(503)?;
    let (code, _) = scene.socket.closed(LEASE_LOST).await?;
    ensure!(code == 1013, "closed with {code}");
    ensure!(
        scene.socket.of_type("bye").iter().any(|bye| bye["retry_after"].is_number()),
        "no time to come back"
    );
    ensure!(window.ended().is_none(), "the visitor was sent away");

    nats.restart()?;
    scene.system.until_status("/readyz", 200, Duration::from_secs(15)).await?;
    // The same id, the same window, the same cookie.
    window.send(&send(&id, &client, "anybody?")).await?;
    ensure!(answer(&mut window, &client).await?["type"] == "ack");
    let _socket = scene.agent.socket().await?;
    ensure!(visitor.texts(&id, "visitor").await? == ["hello", "anybody?"]);
    Ok(())
}
