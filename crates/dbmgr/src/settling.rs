//! Showing nothing that a crash of the database may take back: see [`switchboard_storage::Tx::unsettled`]. Those who
//! come together share one commit.

use std::sync::atomic::{AtomicU64, Ordering};
use switchboard_domain::Rng;
use switchboard_storage::{Error, Store};
use tokio::sync::Mutex;

/// Who waits for a commit that makes durable what they have read.
#[derive(Debug, Default)]
pub(crate) struct Settling {
    asked: AtomicU64,
    /// Up to which question it is settled.
    done: Mutex<u64>,
}

impl Settling {
    /// Waits for such a commit that begins from now on.
    ///
    /// # Errors
    /// When the database is away: what was read is not to be shown.
    pub(crate) async fn settle(&self, store: &Store, rng: &dyn Rng) -> Result<(), Error> {
        let mine = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let mut done = self.done.lock().await;
        if *done < mine {
            let all = self.asked.load(Ordering::SeqCst);
            store.settle(rng).await?;
            *done = all;
        }
        Ok(())
    }
}
