//! `switchboard backup FILE`: an SQLite copy while running.

use crate::compose;
use crate::config::Config;
use crate::say::say;
use anyhow::Result;
use std::path::Path;

/// Copies and says where.
pub async fn run(config: Config, file: &Path) -> Result<()> {
    compose::open_store(&config).await?.backup(file).await?;
    say(format_args!("copied to {}", file.display()));
    Ok(())
}
