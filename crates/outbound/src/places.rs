//! How many requests are under way, in all and to each server.

use crate::limits::{AT_ONCE, AT_ONCE_PER_SERVER};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Servers remembered before those without requests are forgotten.
const SERVERS: usize = 256;

/// Places for requests.
#[derive(Debug)]
pub(crate) struct Places {
    all: Arc<Semaphore>,
    servers: Mutex<HashMap<String, Arc<Semaphore>>>,
    each: usize,
}

impl Places {
    pub(crate) fn new() -> Self {
        Self::with(AT_ONCE_PER_SERVER)
    }

    /// So many for each server.
    pub(crate) fn with(each: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(AT_ONCE)), servers: Mutex::default(), each }
    }

    /// A place for a request to this server, once there is one; none when the semaphores are closed, which they never are.
    pub(crate) async fn take(&self, server: &str) -> Option<[OwnedSemaphorePermit; 2]> {
        let own = self.of(server).acquire_owned().await.ok()?;
        let all = Arc::clone(&self.all).acquire_owned().await.ok()?;
        Some([own, all])
    }

    fn of(&self, server: &str) -> Arc<Semaphore> {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if servers.len() >= SERVERS {
            // A permit holds the semaphore that it is of.
            servers.retain(|_, places| Arc::strong_count(places) > 1);
        }
        let places = servers.entry(server.to_owned());
        Arc::clone(places.or_insert_with(|| Arc::new(Semaphore::new(self.each))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::timeout;

    #[tokio::test]
    async fn one_server_that_hangs_leaves_room_for_others() {
        let places = Places::new();
        let mut held = Vec::new();
        for _ in 0..AT_ONCE_PER_SERVER {
            held.push(places.take("slow:443").await.unwrap());
        }
        let soon = std::time::Duration::from_millis(20);
        assert!(timeout(soon, places.take("slow:443")).await.is_err(), "it waits");
        assert!(timeout(soon, places.take("quick:443")).await.is_ok());
        held.pop();
        assert!(timeout(soon, places.take("slow:443")).await.is_ok());
        for n in 0..SERVERS * 2 {
            drop(places.take(&format!("server{n}:443")).await);
        }
        assert!(places.servers.lock().unwrap().len() <= SERVERS + 1, "the quiet ones are forgotten");
        assert!(places.servers.lock().unwrap().contains_key("slow:443"));
    }
}
