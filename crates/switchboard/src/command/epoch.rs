//! `switchboard epoch rotate`: after every restore, so that clients load again what may have gone back.

use crate::compose;
use crate::config::Config;
use crate::say::say;
use crate::system::SystemRng;
use anyhow::Result;
use switchboard_faults::{self as faults, Point};
use switchboard_storage::{Store, meta};

/// Rotates and prints the new epoch. Running nodes notice within seconds.
pub async fn run(config: Config) -> Result<()> {
    let store = compose::open_store(&config).await?;
    say(format_args!("{}", rotate(&store).await?));
    Ok(())
}

/// Gives the database a new epoch.
pub async fn rotate(store: &Store) -> Result<String> {
    let mut tx = store.write().await?;
    let epoch = meta::rotate_epoch(&mut tx, &SystemRng).await?;
    faults::at(Point::EpochCommitBefore);
    tx.commit().await?;
    faults::at(Point::EpochCommitAfter);
    Ok(epoch)
}
