//! An automation whose process stops answering loses the conversation to people within seconds.

use std::time::Duration;

use anyhow::ensure;
use switchboard_testkit::{Shape, Signal, System, on_shapes, staff::SOON};

use crate::support::{count, is_queued};

/// Guarantees §3: noticed and with people within this at default settings.
const NOTICED: Duration = Duration::from_secs(20);

on_shapes!(Split: [killed, frozen]);

async fn killed(shape: Shape) -> anyhow::Result<()> {
    let mut system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_automation("mat", "one").await?;
    visitor.until_texts(&id, "automation", 1, SOON).await?;
    system.kill("mat")?;
    visitor.say(&id, "two").await?;
    visitor.until(&id, "with people", NOTICED, is_queued).await?;
    ensure!(count(&visitor.entries(&id).await?, "handed_off") == 1);
    // The others are not held up, and a new start finds it again.
    let other = visitor.ask_automation("chat", "a b").await?;
    ensure!(visitor.until_texts(&other, "automation", 1, SOON).await? == ["b a"]);
    system.restart("mat").await?;
    let again = visitor.ask_automation("mat", "three").await?;
    ensure!(visitor.until_texts(&again, "automation", 1, NOTICED).await? == ["mat"]);
    Ok(())
}

async fn frozen(shape: Shape) -> anyhow::Result<()> {
    let mut system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_automation("mat", "one").await?;
    visitor.until_texts(&id, "automation", 1, SOON).await?;
    system.process("mat")?.signal(Signal::Stop)?;
    visitor.say(&id, "two").await?;
    visitor.until(&id, "with people", NOTICED, is_queued).await?;
    // Thawed, it answers what it was asked; too late, so the visitor is not bothered with it.
    system.process("mat")?.signal(Signal::Cont)?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    ensure!(visitor.texts(&id, "automation").await? == ["mat"], "a late reply was taken");
    Ok(())
}
