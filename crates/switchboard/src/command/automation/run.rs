//! `switchboard automation NAME`: one built-in automation as a process of its own.

use crate::config::Config;
use crate::say::say;
use crate::system::SystemClock;
use crate::{compose, health, shutdown};
use anyhow::{Context, Result};
use std::sync::Arc;
use switchboard_automations::Needs;
use switchboard_bus::Bus;
use switchboard_domain::Clock;
use switchboard_sdk::{Automation as _, RunOptions};

/// Runs until it is told to stop; prints `ready` once it takes turns.
pub async fn run(config: Config, name: &str) -> Result<()> {
    config.require_nats("an automation")?;
    let bus = compose::connect(&config, &format!("automation-{name}"), false).await?;
    let needs = compose::needs(&config, &bus, config.listen);
    if name == switchboard_assistant::NAME {
        return assistant(config, bus, &needs).await;
    }
    let known =
        || switchboard_automations::all(&needs).iter().map(|a| a.name().to_owned()).collect::<Vec<_>>();
    let automation = switchboard_automations::by_name(name, &needs)
        .with_context(|| format!("there is no automation {name:?}; built in are {}", known().join(", ")))?;
    let stop = shutdown::on_signals()?;
    health::start(&config, stop.clone()).await?;
    compose::wait_connected(&bus, stop.clone()).await;
    say(format_args!("ready"));
    let options = RunOptions::new(SystemClock.now());
    switchboard_sdk::run(bus, automation, options, shutdown::requested(stop)).await?;
    Ok(())
}

/// The assistant, which also helps agents.
async fn assistant(config: Config, bus: Arc<dyn Bus>, needs: &Needs) -> Result<()> {
    let stop = shutdown::on_signals()?;
    health::start(&config, stop.clone()).await?;
    let assistant = compose::assistant(&config, &bus, needs).await?.context(
        "there is no assistant in the configuration: set base_url and model under [assistant] in its file",
    )?;
    compose::wait_connected(&bus, stop.clone()).await;
    say(format_args!("ready"));
    shutdown::requested(stop).await;
    assistant.drain().await;
    Ok(())
}
