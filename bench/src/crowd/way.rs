//! Where the clients of a load come from.

use std::net::Ipv4Addr;

/// Connections from one source address: under the hundred that an address may have by default.
const PER_SOURCE: usize = 50;
/// Last parts of an address that are used: not the network's own, not its broadcast.
const HOSTS: usize = 250;

/// How a connection is made.
#[derive(Debug, Clone, Copy, Default)]
pub struct Way {
    /// From which address; the system's choice without one.
    pub source: Option<Ipv4Addr>,
    /// How much may wait in our system for us, in bytes; the system's choice without it.
    pub receive_buffer: Option<usize>,
}

impl Way {
    /// The `n`th client's: spread over so many loopback addresses that none has more connections than an address may
    /// have, and that ports do not run out.
    #[must_use]
    pub fn of(n: usize) -> Self {
        let n = n / PER_SOURCE;
        let part = |n: usize| u8::try_from(n % HOSTS + 1).unwrap_or(1);
        Self { source: Some(Ipv4Addr::new(127, 1, part(n / HOSTS), part(n))), receive_buffer: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn no_address_has_more_than_its_share() {
        let mut count: HashMap<Ipv4Addr, usize> = HashMap::new();
        (0..20_000).for_each(|n| *count.entry(Way::of(n).source.unwrap()).or_default() += 1);
        assert_eq!(count.len(), 20_000 / PER_SOURCE);
        assert!(count.values().all(|count| *count == PER_SOURCE));
        assert!(count.keys().all(|address| address.is_loopback() && address.octets()[3] > 0));
    }
}
