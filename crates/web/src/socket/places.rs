//! How many sockets are open: in all, and from one address.

use crate::buckets::counted;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use switchboard_wire::Failure;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// When somebody with too many sockets may come back, in milliseconds.
const LATER_MS: u64 = 5_000;

/// The places of a node.
#[derive(Debug)]
pub(crate) struct Places {
    all: Arc<Semaphore>,
    per_address: usize,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A place; given back on drop.
#[derive(Debug)]
pub(crate) struct Place {
    address: IpAddr,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
    _permit: OwnedSemaphorePermit,
}

fn lock(taken: &Mutex<HashMap<IpAddr, usize>>) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Places {
    /// Sockets count among the node's connections, `all`.
    pub(crate) fn new(all: Arc<Semaphore>, per_address: usize) -> Self {
        Self { all, per_address, taken: Arc::default() }
    }

    /// Takes a place.
    ///
    /// # Errors
    /// The address or the node has none left.
    pub(crate) fn take(&self, address: IpAddr) -> Result<Place, Failure> {
        let address = counted(address);
        let permit = Arc::clone(&self.all)
            .try_acquire_owned()
            .map_err(|_| Failure::unavailable("this node has no room for another connection"))?;
        let mut taken = lock(&self.taken);
        let count = taken.entry(address).or_insert(0);
        if *count >= self.per_address {
            let detail = "too many connections from this address; close some, or try again later";
            return Err(Failure::rate_limited(detail, LATER_MS));
        }
        *count += 1;
        drop(taken);
        Ok(Place { address, taken: Arc::clone(&self.taken), _permit: permit })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        if let Some(count) = taken.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_and_gets_them_back() {
        let places = Places::new(Arc::new(Semaphore::new(3)), 2);
        let (one, two) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let first = places.take(one).unwrap();
        let _second = places.take(one).unwrap();
        assert_eq!(places.take(one).unwrap_err().problem.status(), 429);
        let _third = places.take(two).unwrap();
        assert_eq!(places.take(two).unwrap_err().problem.status(), 503);
        drop(first);
        assert!(places.take(one).is_ok());
        assert_eq!(lock(&places.taken).len(), 2);
    }
}
