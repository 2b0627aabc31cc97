//! `switchboard restore FILE`: puts an SQLite copy in the database's place; the server must be stopped.

use crate::compose;
use crate::config::Config;
use crate::say::say;
use crate::system::SystemRng;
use anyhow::Result;
use std::path::Path;

/// Restores and says the new epoch.
pub async fn run(config: Config, file: &Path) -> Result<()> {
    let epoch = compose::open_store(&config).await?.restore(file, &SystemRng).await?;
    say(format_args!("restored; the epoch is now {epoch}"));
    Ok(())
}
