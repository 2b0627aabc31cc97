//! A program that can be broken on purpose says so, loudly, wherever it says anything.

use anyhow::{Result, anyhow};
use switchboard_faults as faults;

/// What `--version` says.
pub const VERSION: &str = if faults::ON {
    concat!(env!("CARGO_PKG_VERSION"), "+faults (built to be broken on purpose; not for use)")
} else {
    env!("CARGO_PKG_VERSION")
};

/// Says what this program can be made to do wrong, and what it will.
///
/// # Errors
/// When the environment asks for a fault that there is not.
pub fn say() -> Result<()> {
    if !faults::ON {
        return Ok(());
    }
    let plan = faults::armed().map_err(|why| anyhow!(why))?.unwrap_or_default();
    tracing::error!("this program is built to be broken on purpose: never let people near it");
    if let Some(stop) = plan.stop {
        tracing::error!(at = %stop, "it will end or stand still where {}", stop.point.text());
    }
    if let Some(broken) = plan.broken {
        tracing::error!(broken = broken.name(), "it is wrong: {}", broken.text());
    }
    Ok(())
}
