//! `switchboard web`: the edge alone, joined to the others over NATS.

use crate::config::Config;
use crate::say::say;
use crate::system::SystemClock;
use crate::{compose, health, shutdown};
use anyhow::Result;
use std::sync::Arc;
use switchboard_bus::Caller;
use switchboard_web::Remote;

/// Runs until it is told to stop. The bus may be away: `/readyz` says so meanwhile.
pub async fn run(config: Config) -> Result<()> {
    config.require_nats("web")?;
    let stop = shutdown::on_signals()?;
    let listener = compose::listen(&config).await?;
    health::start(&config, stop.clone()).await?;
    let bus = compose::connect(&config, "web", false).await?;
    let link = Arc::new(Remote::new(Caller::new(Arc::clone(&bus)).await?));
    let web = compose::web(&config, listener, link, vec![bus], Arc::new(SystemClock)).await?;
    compose::settle(&web).await;
    say(format_args!("listening on http://{}", web.address()));
    shutdown::requested(stop).await;
    web.stop().await;
    Ok(())
}
