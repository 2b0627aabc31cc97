//! A transaction that is given up and run again leaves no gap in the numbers.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use switchboard_testkit::{Shape, System, on_shapes, staff::SOON, unique};

use crate::support::{answer, held, send, seqs};

/// Longer than a statement waits for a lock (3 s), so that the insert is given up once and then run again.
const HELD_S: &str = "4";

on_shapes!(Cluster: [what_is_given_up_and_run_again_leaves_no_gap]);

async fn what_is_given_up_and_run_again_leaves_no_gap(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("before").await?;
    let mut socket = visitor.socket().await?;
    let before = visitor.entries(&id).await?.len();

    // Somebody reads the log in a way that keeps others from adding to it.
    let database = system.database.clone();
    let hold = format!(
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION; \
         SELECT COUNT(*) FROM entries WHERE conversation_id = '{id}' FOR UPDATE; SELECT SLEEP({HELD_S}); COMMIT"
    );
    let holding = tokio::task::spawn_blocking(move || database.sql(&hold));
    held(&system.database).await?;
    let (client, began) = (unique("blocked"), Instant::now());
    socket.send(&send(&id, &client, "through a closed door")).await?;
    let ack = answer(&mut socket, &client).await?;
    ensure!(began.elapsed() > Duration::from_secs(3), "nothing held it up: {ack}");
    ensure!(ack["type"] == "ack" && ack["seq"] == before + 1, "{ack} after {before}");
    holding.await?.context("the one who held it")?;

    visitor.say(&id, "after").await?;
    let entries = visitor.entries(&id).await?;
    let expected: Vec<u64> = (1..=entries.len() as u64).collect();
    ensure!(entries.len() == before + 2 && seqs(&entries) == expected, "{:?}", seqs(&entries));
    let live = socket.expect_where("the last one", SOON, |f| f["entry"]["body"]["text"] == "after").await?;
    ensure!(live["entry"]["seq"] == before + 2, "{live}");
    Ok(())
}
