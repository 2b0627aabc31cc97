//! A reader who stops reading is cut off; nobody waits for it.

use std::time::{Duration, Instant};

use anyhow::ensure;
use switchboard_testkit::{Shape, Socket, on_shapes, unique};

use crate::support::{Scene, insist, send};

/// Each as long as a text may be, in characters of four bytes.
const TEXT: usize = 8_000;
/// More than the kernel and the program keep for one socket, at the pace that an agent may write.
const MESSAGES: usize = 600;

on_shapes!(Embedded: [it_is_cut_off_and_nobody_waits]);

async fn it_is_cut_off_and_nobody_waits(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let mut stuck = visitor.socket().await?;
    stuck.stop_reading();
    let mut good: Socket = visitor.socket().await?;
    let text = "🐬".repeat(TEXT);
    let mut slowest = Duration::ZERO;
    for n in 0..MESSAGES {
        let client = unique("flood");
        let sent = Instant::now();
        let ack = insist(&mut scene.socket, &send(&id, &client, &text)).await?;
        slowest = slowest.max(sent.elapsed());
        ensure!(ack["type"] == "ack", "message {n}: {ack}");
        tokio::time::sleep(Duration::from_millis(21)).await;
    }
    ensure!(slowest < Duration::from_secs(3), "somebody waited {slowest:?}");
    let last = scene.agent.conversation(&id).await?["head"].clone();
    good.expect_where("the last one", Duration::from_secs(10), |f| f["entry"]["seq"] == last).await?;
    stuck.read_again();
    let (code, _) = stuck.closed(Duration::from_secs(15)).await?;
    // The farewell may be lost together with what could not be written.
    ensure!([4008, 1006].contains(&code), "closed with {code}");
    ensure!(stuck.of_type("entry").len() < MESSAGES, "everything was kept for it");
    Ok(())
}
