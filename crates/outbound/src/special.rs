//! Addresses that are not those of a server on the internet.
//!
//! The registries of special addresses (IANA, RFC 6890), and the ways to write an IPv4 address inside one of IPv6: what
//! such an address leads to is looked at as well.

use crate::network::Network;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const fn six(a: u16, b: u16, c: u16, bits: u8) -> Network {
    Network::v6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), bits)
}

const SPECIAL: [Network; 29] = [
    // This network, private, carriers', loopback, link-local (cloud metadata is there), private.
    Network::v4(0, 0, 0, 0, 8),
    Network::v4(10, 0, 0, 0, 8),
    Network::v4(100, 64, 0, 0, 10),
    Network::v4(127, 0, 0, 0, 8),
    Network::v4(169, 254, 0, 0, 16),
    Network::v4(172, 16, 0, 0, 12),
    // Protocol assignments, documentation, 6to4 relays, private, benchmarks, documentation.
    Network::v4(192, 0, 0, 0, 24),
    Network::v4(192, 0, 2, 0, 24),
    Network::v4(192, 88, 99, 0, 24),
    Network::v4(192, 168, 0, 0, 16),
    Network::v4(198, 18, 0, 0, 15),
    Network::v4(198, 51, 100, 0, 24),
    Network::v4(203, 0, 113, 0, 24),
    // Multicast, reserved, broadcast.
    Network::v4(224, 0, 0, 0, 4),
    Network::v4(240, 0, 0, 0, 4),
    // Unspecified, loopback and the IPv4-compatible; local translation; discard only.
    six(0, 0, 0, 96),
    six(0x64, 0xff9b, 1, 48),
    six(0x100, 0, 0, 64),
    // Protocol assignments (Teredo, ORCHID), documentation, segment routing.
    six(0x2001, 0, 0, 23),
    six(0x2001, 0xdb8, 0, 32),
    six(0x3fff, 0, 0, 20),
    six(0x5f00, 0, 0, 16),
    // Unique local, link-local, site-local, multicast.
    six(0xfc00, 0, 0, 7),
    six(0xfe80, 0, 0, 10),
    six(0xfec0, 0, 0, 10),
    six(0xff00, 0, 0, 8),
    // What is not given out to anybody.
    six(0x4000, 0, 0, 2),
    six(0x8000, 0, 0, 2),
    six(0xc000, 0, 0, 3),
];

/// Whether the address is one of a special network, or leads to one.
pub(crate) fn is_special(address: IpAddr) -> bool {
    let own = SPECIAL.iter().any(|network| network.holds(address));
    own || inner(address).is_some_and(|inner| is_special(IpAddr::V4(inner)))
}

/// The IPv4 address inside an address of IPv6: mapped, translated (NAT64, RFC 6052) or 6to4 (RFC 3056).
pub(crate) fn inner(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(six) = address else { return None };
    if let Some(mapped) = six.to_ipv4_mapped() {
        return Some(mapped);
    }
    let [a, b, c, d, e, f, g, h] = six.segments();
    let join = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match (a, b) {
        (0x64, 0xff9b) if (c, d, e, f) == (0, 0, 0, 0) => Some(join(g, h)),
        (0x2002, _) => Some(join(b, c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn special(text: &str) -> bool {
        is_special(text.parse().unwrap())
    }

    #[test]
    fn what_is_inside_is_special_however_it_is_written() {
        let inside = [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.100.100.200",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.0.192",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2002:a9fe:a9fe::",
            "2002:7f00:1::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "4000::1",
            "dead:beef::1",
        ];
        for text in inside {
            assert!(special(text), "{text}");
        }
    }

    #[test]
    fn servers_of_the_internet_are_not() {
        let outside = [
            "1.1.1.1",
            "8.8.8.8",
            "93.184.215.14",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700:4700::1111",
            "2a00:1450:4001:80b::200e",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ];
        for text in outside {
            assert!(!special(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_address_inside_another_is_judged_like_itself(bits in any::<u32>()) {
            let four = Ipv4Addr::from_bits(bits);
            let special = is_special(IpAddr::V4(four));
            prop_assert_eq!(is_special(IpAddr::V6(four.to_ipv6_mapped())), special);
            let [a, b, c, d] = four.octets().map(u16::from);
            let six = |s| is_special(IpAddr::V6(Ipv6Addr::from_segments(s)));
            prop_assert_eq!(six([0x64, 0xff9b, 0, 0, 0, 0, a << 8 | b, c << 8 | d]), special);
            prop_assert_eq!(six([0x2002, a << 8 | b, c << 8 | d, 0, 0, 0, 0, 1]), special);
        }

        /// What the standard library calls local is never let through.
        #[test]
        fn nothing_local_gets_through(bits in any::<u32>(), wide in any::<u128>()) {
            let four = Ipv4Addr::from_bits(bits);
            if four.is_private() || four.is_loopback() || four.is_link_local() || four.is_multicast()
                || four.is_broadcast() || four.is_unspecified() || four.is_documentation() {
                prop_assert!(is_special(IpAddr::V4(four)));
            }
            let six = Ipv6Addr::from_bits(wide);
            if six.is_loopback() || six.is_multicast() || six.is_unspecified() || six.is_unique_local()
                || six.is_unicast_link_local() {
                prop_assert!(is_special(IpAddr::V6(six)));
            }
        }
    }
}
