//! Logs: one line each, to standard error. No bodies, tokens or passwords are ever logged.

use crate::cli::{Automation, Command};
use anyhow::{Result, anyhow};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// The NATS client repeats each failed attempt; the bus says the same once, in our words.
/// What a component logs unless `SWITCHBOARD_LOG` says otherwise.
const OF_COMPONENTS: &str = "info,sqlx=warn,async_nats=off";
/// The same for commands that do one thing and say themselves how it went.
const OF_TOOLS: &str = "error,async_nats=off";

/// Starts logging. `SWITCHBOARD_LOG` takes directives such as `debug` or `switchboard_web=debug`.
pub fn start(command: Option<&Command>) -> Result<()> {
    let usual = match command {
        None
        | Some(
            Command::Serve
            | Command::Web
            | Command::Dbmgr
            | Command::Automation(Automation { verb: None, .. }),
        ) => OF_COMPONENTS,
        Some(_) => OF_TOOLS,
    };
    let filter = EnvFilter::try_from_env("SWITCHBOARD_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init()
        .map_err(|error| anyhow!("cannot start logging: {error}"))
}
