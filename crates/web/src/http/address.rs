//! Whose address counts: the peer's, or the one that a proxy of ours vouches for.

use http::HeaderMap;
use std::net::IpAddr;

/// The other end of the connection, put into every request by the server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The client's address. `X-Forwarded-For` counts only when the peer is one of `proxies`; then the last address
/// in it that is not itself a proxy of ours, because everything before that anybody could have written.
pub(crate) fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let ours = |address: &IpAddr| proxies.iter().any(|proxy| proxy.to_canonical() == *address);
    let mut client = peer.to_canonical();
    if !ours(&client) {
        return client;
    }
    let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
    let hops = lines.iter().rev().filter_map(|line| line.to_str().ok());
    for hop in hops.flat_map(|line| line.rsplit(',')) {
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        client = address.to_canonical();
        if !ours(&client) {
            break;
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let proxies: Vec<IpAddr> = proxies.iter().map(|p| p.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        assert_eq!(of("203.0.113.7", &["198.51.100.1"], &[]), "203.0.113.7");
        assert_eq!(of("203.0.113.7", &["198.51.100.1"], &["10.0.0.1"]), "203.0.113.7");
        // What stands before the address that our proxy saw is the stranger's own invention.
        assert_eq!(of("10.0.0.1", &["198.51.100.1, 203.0.113.7"], &["10.0.0.1"]), "203.0.113.7");
        assert_eq!(of("10.0.0.1", &["198.51.100.1", "203.0.113.7"], &["10.0.0.1"]), "203.0.113.7");
    }

    #[test]
    fn a_chain_of_our_proxies_is_followed_to_its_end() {
        let proxies = ["10.0.0.1", "10.0.0.2"];
        assert_eq!(of("10.0.0.1", &["203.0.113.7, 10.0.0.2"], &proxies), "203.0.113.7");
        assert_eq!(of("::ffff:10.0.0.1", &["203.0.113.7"], &proxies), "203.0.113.7");
        assert_eq!(of("10.0.0.1", &["garbage, 10.0.0.2"], &proxies), "10.0.0.2");
        assert_eq!(of("10.0.0.1", &[], &proxies), "10.0.0.1");
    }
}
