//! Health and readiness say what is true.

use std::time::Duration;

use anyhow::{Context, ensure};
use http::Method;
use switchboard_testkit::{Shape, System, on_shapes, program::Program, staff::SOON};

on_shapes!(Embedded, Cluster, Split: [alive_and_ready, started_before_what_it_needs]);

async fn alive_and_ready(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    for path in ["/healthz", "/readyz"] {
        let reply = system.http().raw(Method::GET, path, None).await?;
        ensure!(reply.status == 200, "{path}: {}", reply.status);
        ensure!(system.far_http().raw(Method::GET, path, None).await?.status == 200);
    }
    let Some(nats) = &system.nats else { return Ok(()) };
    nats.kill()?;
    system.until_status("/readyz", 503, SOON).await?;
    let reply = system.http().raw(Method::GET, "/readyz", None).await?;
    let said = String::from_utf8_lossy(&reply.text).to_lowercase();
    ensure!(said.contains("bus") || said.contains("nats"), "no reason: {said}");
    ensure!(system.http().raw(Method::GET, "/healthz", None).await?.status == 200);
    nats.restart()?;
    system.until_status("/readyz", 200, Duration::from_secs(15)).await?;
    Ok(())
}

/// A component whose bus is away waits and tries again; it does not give up.
async fn started_before_what_it_needs(shape: Shape) -> anyhow::Result<()> {
    let mut system = System::start(shape).await?;
    if system.nats.is_none() {
        return late_data_folder().await;
    }
    let names = system.part_names();
    for name in &names {
        system.kill(name)?;
    }
    system.nats.as_ref().context("no bus")?.kill()?;
    for name in &names {
        system.launch(name)?;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    for name in &names {
        ensure!(system.process(name)?.ended().is_none(), "{name} gave up");
    }
    system.nats.as_ref().context("no bus")?.restart()?;
    for name in &names {
        system.await_ready(name).await?;
    }
    let visitor = system.visitor().await?;
    let id = visitor.ask_automation("mat", "well?").await?;
    ensure!(visitor.until_texts(&id, "automation", 1, SOON).await? == ["mat?"]);
    Ok(())
}

/// Embedded there is no bus to wait for: the folder is made, and wrong usage is said at once.
async fn late_data_folder() -> anyhow::Result<()> {
    let folder = switchboard_testkit::TempDir::new()?;
    let serve = Program::new(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--data", "deep/er"]);
    let (mut process, address) = serve.spawn_ready()?;
    ensure!(folder.join("deep/er").is_dir() && !address.ends_with(":0"), "{address}");
    process.terminate(Duration::from_secs(15))?;
    for wrong in [
        &["web"][..],
        &["automation", "mat"],
        &["serve", "--listen", "nonsense"],
        &["nonsense"],
        &["automation"],
    ] {
        let done = Program::new(folder.path(), wrong).run("")?;
        ensure!(done.code != 0 && !done.stderr.trim().is_empty(), "{wrong:?}: {done:?}");
    }
    Ok(())
}
