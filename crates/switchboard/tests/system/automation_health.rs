//! Whichever node an admin asks, it knows which automations are there; one node alone routes.

use std::time::Duration;

use anyhow::ensure;
use switchboard_testkit::{Shape, System, on_shapes, wait};

use crate::support::items;

/// Contract §6: a new service appears within this.
const DISCOVERED: Duration = Duration::from_secs(10);

on_shapes!(Cluster: [every_node_knows_who_is_up]);

async fn every_node_knows_who_is_up(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    for node in [system.address(0), system.address(usize::MAX)] {
        let http = admin.http.clone().at(&node);
        let up = wait::until("chat, faq and mat are up", DISCOVERED, async || {
            let list = http.get("/automations").await?.expect(200)?;
            let up = items(&list)?.iter().filter(|one| one["health"] == "up").count();
            Ok((up == 3).then_some(()))
        });
        Box::pin(up).await?;
    }
    // They stay so: what was seen once is seen again before it counts as gone.
    tokio::time::sleep(Duration::from_secs(30)).await;
    let list = admin.http.get("/automations").await?.expect(200)?;
    ensure!(items(&list)?.iter().all(|one| one["health"] == "up"), "{list}");
    Ok(())
}
