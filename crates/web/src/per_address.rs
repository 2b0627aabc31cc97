//! So many of something for each address, given back on drop.

use crate::buckets::counted;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many each address has taken.
#[derive(Debug)]
pub(crate) struct PerAddress {
    most: usize,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One that was taken.
#[derive(Debug)]
pub(crate) struct Taken {
    address: IpAddr,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

fn lock(taken: &Mutex<HashMap<IpAddr, usize>>) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

impl PerAddress {
    /// At most so many for each.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, taken: Arc::default() }
    }

    /// Takes one, unless the address has as many as it may.
    pub(crate) fn take(&self, address: IpAddr) -> Option<Taken> {
        let address = counted(address);
        let mut taken = lock(&self.taken);
        let count = taken.get(&address).copied().unwrap_or(0);
        if count >= self.most {
            return None;
        }
        taken.insert(address, count + 1);
        Some(Taken { address, taken: Arc::clone(&self.taken) })
    }
}

impl Drop for Taken {
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
        let all = PerAddress::new(2);
        let (one, two) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let first = all.take(one).unwrap();
        let _second = all.take(one).unwrap();
        assert!(all.take(one).is_none());
        drop(all.take(two).unwrap());
        assert_eq!(lock(&all.taken).len(), 1, "who has none is forgotten");
        drop(first);
        assert!(all.take(one).is_some());
    }

    #[test]
    fn nobody_who_has_none_is_remembered() {
        let all = PerAddress::new(0);
        assert!(all.take("192.0.2.1".parse().unwrap()).is_none());
        assert!(lock(&all.taken).is_empty());
    }
}
