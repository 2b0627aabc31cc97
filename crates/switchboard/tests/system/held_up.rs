//! Pipelined messages keep their order when the first of them cannot be stored for a while.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::Value;
use switchboard_testkit::{Shape, System, on_shapes, unique};

use crate::support::{held, send, texts};

/// Longer than a message waits for a locked row (10 s), so that the first one is given up.
const HELD_S: &str = "14";
/// Messages in one go.
const BURST: usize = 12;
/// How long the first answer may take.
const FIRST: Duration = Duration::from_secs(15);
/// How long the last one may take.
const LAST: Duration = Duration::from_secs(30);

on_shapes!(Cluster: [what_waits_behind_a_failed_message_does_not_overtake_it]);

async fn what_waits_behind_a_failed_message_does_not_overtake_it(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("before").await?;
    let mut socket = visitor.socket().await?;

    let database = system.database.clone();
    let hold = format!(
        "START TRANSACTION; SELECT id FROM conversations WHERE id = '{id}' FOR UPDATE; SELECT SLEEP({HELD_S}); COMMIT"
    );
    let holding = tokio::task::spawn_blocking(move || database.sql(&hold));
    held(&system.database).await?;
    let said: Vec<String> = (0..BURST).map(|n| format!("number {n}")).collect();
    let clients: Vec<String> = said.iter().map(|_| unique("held")).collect();
    for (client, text) in clients.iter().zip(&said) {
        socket.send(&send(&id, client, text)).await?;
    }
    // As a client does: what is to be tried again is sent again, in its order.
    let (mut open, mut deadline, mut refused) = (BURST, FIRST, 0);
    let is_answer = |frame: &Value| frame["type"] == "ack" || frame["type"] == "nack";
    while open > 0 {
        let answer = socket.expect_where("an answer", deadline, is_answer).await?;
        deadline = LAST;
        if answer["type"] == "ack" {
            open -= 1;
            continue;
        }
        ensure!(answer["code"] == "retry", "{answer}");
        refused += 1;
        let at = clients.iter().position(|client| answer["client_msg_id"] == client.as_str());
        let at = at.with_context(|| format!("an answer to nothing: {answer}"))?;
        socket.send(&send(&id, &clients[at], &said[at])).await?;
    }
    holding.await?.context("the one who held it")?;
    ensure!(refused > 0, "nothing was held up");
    let entries = visitor.entries(&id).await?;
    ensure!(texts(&entries)[1..] == said, "out of order: {:?}", texts(&entries));
    Ok(())
}
