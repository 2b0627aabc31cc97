//! A laptop that closes: nobody signs out, the conversation goes on without that agent all the same.

use std::time::Duration;

use anyhow::ensure;
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::{Scene, count, has, is_queued};

/// Guarantee 19: noticed within 45 s, requeued 30 s after that.
const REQUEUED: Duration = Duration::from_secs(75);

on_shapes!(Embedded, Split: [the_next_one_gets_it]);

async fn the_next_one_gets_it(shape: Shape) -> anyhow::Result<()> {
    let Scene { system, admin, agent, socket } = Scene::open(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("hello").await?;
    agent.until(&id, "assigned", SOON, |c| has(c, &agent)).await?;
    drop(socket);
    tokio::time::sleep(Duration::from_secs(15)).await;
    ensure!(has(&agent.conversation(&id).await?, &agent), "taken away before the grace was over");
    visitor.until(&id, "back in the queue", REQUEUED, is_queued).await?;
    ensure!(count(&visitor.entries(&id).await?, "requeued") == 1);
    let other = system.agent(&admin).await?;
    let _socket = other.online().await?;
    other.until(&id, "given to the next one", SOON, |c| has(c, &other)).await?;
    Ok(())
}
