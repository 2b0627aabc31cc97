//! `switchboard migrate`: brings the database to this version's schema.

use crate::compose;
use crate::config::Config;
use crate::say::say;
use crate::system::{SystemClock, SystemRng};
use anyhow::Result;
use switchboard_domain::Clock;

/// Migrates and says what was done.
pub async fn run(config: Config) -> Result<()> {
    let store = compose::open_store(&config).await?;
    match store.migrate(SystemClock.now(), &SystemRng).await? {
        0 => say(format_args!("the schema is up to date")),
        steps => say(format_args!("the schema is up to date after {steps} steps")),
    }
    Ok(())
}
