//! Settings of the installation, which are one document.

mod get;
mod put;

use switchboard_domain::Settings;
use switchboard_storage::{Error, Tx, meta};

/// Under which name they are stored.
const NAME: &str = "settings";

/// The settings as they are; the defaults until somebody has chosen.
pub(super) async fn load(tx: &mut Tx) -> Result<Settings, Error> {
    let Some(stored) = meta::get(tx, NAME).await? else { return Ok(Settings::default()) };
    Ok(serde_json::from_str(&stored).unwrap_or_else(|error| {
        // Nobody is kept out of the chat by a row that a hand has spoilt.
        tracing::error!(%error, "the stored settings cannot be read; save them again in the console");
        Settings::default()
    }))
}

/// Stores them.
async fn store(tx: &mut Tx, settings: &Settings) -> Result<(), Error> {
    meta::set(tx, NAME, &serde_json::json!(settings).to_string()).await
}
