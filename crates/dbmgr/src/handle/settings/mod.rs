//! Settings of the installation, which are one document.

mod get;
mod put;

use switchboard_domain::Settings;
use switchboard_storage::{Error, Tx, meta};

/// The settings as they are; the defaults until somebody has chosen.
pub(crate) async fn load(tx: &mut Tx) -> Result<Settings, Error> {
    Ok(read(meta::get(tx, meta::SETTINGS).await?.as_deref()))
}

/// Reads what is stored of them.
pub(super) fn read(stored: Option<&str>) -> Settings {
    let Some(stored) = stored else { return Settings::default() };
    serde_json::from_str(stored).unwrap_or_else(|error| {
        // Nobody is kept out of the chat by a row that a hand has spoilt.
        tracing::error!(%error, "the stored settings cannot be read; save them again in the console");
        Settings::default()
    })
}

/// Stores them.
async fn store(tx: &mut Tx, settings: &Settings) -> Result<(), Error> {
    meta::set(tx, meta::SETTINGS, &serde_json::json!(settings).to_string()).await
}
