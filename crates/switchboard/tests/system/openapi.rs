//! The published interface is the committed one.

use anyhow::{Context, ensure};
use serde_json::Value;
use switchboard_testkit::{Shape, System, on_shapes};

on_shapes!(Embedded: [served_equals_committed]);

async fn served_equals_committed(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let served = system.http().get("/openapi.json").await?.expect(200)?;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../frontend/openapi.json");
    let committed: Value = serde_json::from_str(&std::fs::read_to_string(path).context(path)?)?;
    ensure!(served == committed, "frontend/openapi.json is out of date");
    ensure!(
        served["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")),
        "{}",
        served["openapi"]
    );
    let paths = served["paths"].as_object().context("no paths")?;
    for call in [
        "/session",
        "/admins/{id}/password",
        "/conversations/{id}/transfer",
        "/visitor/conversations/{id}/rating",
    ] {
        ensure!(paths.keys().any(|path| path.ends_with(call)), "{call} is not described");
    }
    Ok(())
}
