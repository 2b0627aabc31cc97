//! One file per command.

mod automation;
mod backup;
mod dbmgr;
mod doctor;
mod epoch;
mod migrate;
mod restore;
mod serve;
mod su;
mod turn;
mod web;

#[cfg(test)]
pub use automation::VERBS;

use crate::cli::{Cli, Command, Epoch};
use crate::config::Config;
use anyhow::{Context, Result};

/// Carries out what the command line asks for.
pub fn run(cli: Cli, config: Config) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.context("cannot start the runtime")?;
    runtime.block_on(async move {
        match cli.command.unwrap_or(Command::Serve) {
            Command::Serve => Box::pin(serve::run(config)).await,
            Command::Web => Box::pin(web::run(config)).await,
            Command::Dbmgr => Box::pin(dbmgr::run(config)).await,
            Command::Automation(automation) => automation::carry_out(config, automation).await,
            Command::Turn(turn) => Box::pin(turn::run(config, turn)).await,
            Command::Su(su) => Box::pin(su::run(config, su)).await,
            Command::Migrate => migrate::run(config).await,
            Command::Doctor => Box::pin(doctor::run(config)).await,
            Command::Backup { file } => backup::run(config, &file).await,
            Command::Restore { file } => restore::run(config, &file).await,
            Command::Epoch { what: Epoch::Rotate } => epoch::run(config).await,
        }
    })
}
