//! How many sockets are open: in all, and from one address.

use crate::per_address::{PerAddress, Taken};
use std::net::IpAddr;
use std::sync::Arc;
use switchboard_wire::Failure;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// When somebody with too many sockets may come back, in milliseconds.
const LATER_MS: u64 = 5_000;

/// The places of a node.
#[derive(Debug)]
pub(crate) struct Places {
    all: Arc<Semaphore>,
    per_address: PerAddress,
}

/// A place; given back on drop.
#[derive(Debug)]
pub(crate) struct Place {
    _taken: Taken,
    _permit: OwnedSemaphorePermit,
}

impl Places {
    /// Sockets count among the node's connections, `all`.
    pub(crate) fn new(all: Arc<Semaphore>, per_address: usize) -> Self {
        Self { all, per_address: PerAddress::new(per_address) }
    }

    /// Takes a place.
    ///
    /// # Errors
    /// The address or the node has none left.
    pub(crate) fn take(&self, address: IpAddr) -> Result<Place, Failure> {
        let permit = Arc::clone(&self.all)
            .try_acquire_owned()
            .map_err(|_| Failure::unavailable("this node has no room for another connection"))?;
        let taken = self.per_address.take(address).ok_or_else(|| {
            let detail = "too many connections from this address; close some, or try again later";
            Failure::rate_limited(detail, LATER_MS)
        })?;
        Ok(Place { _taken: taken, _permit: permit })
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
    }
}
