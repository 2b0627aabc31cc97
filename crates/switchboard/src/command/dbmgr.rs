//! `switchboard dbmgr`: the database's owner with the router, joined to the others over NATS.

use super::serve::until_stopped;
use crate::config::Config;
use crate::say::say;
use crate::{compose, health, shutdown};
use anyhow::{Result, anyhow};
use std::sync::Arc;

/// Runs until it is told to stop; prints `ready` once it answers calls.
pub async fn run(config: Config) -> Result<()> {
    config.require_nats("dbmgr")?;
    let stop = shutdown::on_signals()?;
    health::start(&config, stop.clone()).await?;
    let bus = compose::connect(&config, "dbmgr", false).await?;
    let dbmgr = compose::dbmgr(&config, vec![Arc::clone(&bus)], Arc::clone(&bus)).await?;
    let _hooks = compose::hooks(&config, dbmgr.dbmgr(), vec![Arc::clone(&bus)], Arc::clone(&bus))?;
    let ready = async {
        dbmgr.until_ready().await.map_err(|why| anyhow!(why))?;
        if compose::wait_connected(&bus, stop.clone()).await {
            say(format_args!("ready"));
        }
        until_stopped(&dbmgr, stop.clone()).await
    };
    let outcome = tokio::select! {
        outcome = ready => outcome,
        () = shutdown::requested(stop.clone()) => Ok(()),
    };
    dbmgr.stop().await;
    outcome
}
