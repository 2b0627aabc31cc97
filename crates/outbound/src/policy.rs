//! What the operator allows beyond servers of the internet.

use crate::failure::Failure;
use crate::network::Network;
use crate::special::{inner, is_special};
use std::net::IpAddr;

/// What is allowed; by default HTTPS to addresses of the internet.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Whether plain HTTP may be spoken.
    pub http: bool,
    /// Private or special networks whose servers may be asked.
    pub allow: Vec<Network>,
}

impl Policy {
    /// Whether this address may be connected to.
    ///
    /// # Errors
    /// [`Failure::Closed`].
    pub fn check(&self, address: IpAddr) -> Result<(), Failure> {
        let allowed = |address: IpAddr| self.allow.iter().any(|network| network.holds(address));
        let meant = inner(address).map(IpAddr::V4);
        if !is_special(address) || allowed(address) || meant.is_some_and(allowed) {
            Ok(())
        } else {
            Err(Failure::Closed(meant.unwrap_or(address)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_special_network_is_closed_unless_it_is_named() {
        let policy =
            Policy { http: false, allow: vec!["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()] };
        let check = |text: &str| policy.check(text.parse().unwrap());
        assert_eq!(check("8.8.8.8"), Ok(()));
        assert_eq!(check("10.9.9.9"), Ok(()));
        assert_eq!(check("::ffff:10.9.9.9"), Ok(()));
        assert_eq!(check("::1"), Ok(()));
        assert_eq!(check("192.168.1.1"), Err(Failure::Closed("192.168.1.1".parse().unwrap())));
        assert_eq!(check("::ffff:127.0.0.1"), Err(Failure::Closed("127.0.0.1".parse().unwrap())));
        assert!(Policy::default().check("10.9.9.9".parse().unwrap()).is_err());
    }
}
