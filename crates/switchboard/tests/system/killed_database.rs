//! MariaDB goes away and comes back: no false acknowledgement, no half-done work, and ready again by itself.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Client, Database, Shape, on_shapes, staff::SOON, system::Setup, unique};

/// Guarantees §3: ready again after the database's return within this.
const READY_AGAIN: Duration = Duration::from_secs(10);
/// How long everything may take to settle.
const SETTLE: Duration = Duration::from_secs(45);

on_shapes!(Cluster, Split: [killed_and_back]);

async fn killed_and_back(shape: Shape) -> anyhow::Result<()> {
    let system = Setup::new(shape).own_mariadb().start().await?;
    let Database::MariaDb(server, _) = system.database.clone() else { anyhow::bail!("no MariaDB") };
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("before").await?;
    let window = Client::visitor(&visitor, &[system.http()]);
    window.follow(&id);
    window.shown(&id, 2, SOON).await?;

    server.kill()?;
    system.until_status("/readyz", 503, SOON).await?;
    let body = json!({ "client_msg_id": unique("down"), "body": { "text": "while it is away" } });
    let path = format!("/visitor/conversations/{id}/messages");
    visitor.http.post(&path, body.clone()).await?.problem(503)?;
    for n in 0..10 {
        let _ = window.send(&id, &format!("down {n}"));
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    ensure!(window.acks().is_empty(), "acknowledged without a database: {:?}", window.acks());

    server.restart()?;
    system.until_status("/readyz", 200, READY_AGAIN).await?;
    window.drained(SETTLE).await?;
    // What was refused was not done: the repeat is new.
    visitor.http.post(&path, body).await?.expect(201)?;
    let history = visitor.entries(&id).await?;
    window.shown(&id, history.len(), SETTLE).await?;
    window.check(&id, &history)
}
