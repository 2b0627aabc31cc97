//! Bans: who may not come to the chat for a while, or at all.

use crate::clock::Millis;
use crate::id::VisitorId;
use std::net::{IpAddr, Ipv6Addr};

/// An hour, in milliseconds.
const HOUR: Millis = 3_600_000;

/// How long a ban may be said to last; `None` is for ever.
pub const TERMS: [(&str, Option<Millis>); 5] = [
    ("1h", Some(HOUR)),
    ("1d", Some(24 * HOUR)),
    ("7d", Some(7 * 24 * HOUR)),
    ("30d", Some(30 * 24 * HOUR)),
    ("forever", None),
];

/// Longest reason, in characters.
pub const REASON_CHARS: usize = 500;

/// Whom a ban is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Banned {
    /// One visitor, which is one browser.
    Visitor(VisitorId),
    /// Whoever gives this e-mail address, in lower case.
    Email(String),
    /// Whoever comes from this IPv4 address, or from this IPv6 network of 64 bits.
    Address(String),
}

/// Why a ban is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadBan {
    /// Not one of [`TERMS`].
    #[error("say for how long: 1h, 1d, 7d, 30d or forever")]
    Term,
    /// Not an address of the internet.
    #[error(
        "give an IPv4 address such as 192.0.2.7, or an IPv6 address or its network such as 2001:db8::/64"
    )]
    Address,
    /// Too long.
    #[error("a reason has at most 500 characters")]
    Reason,
}

impl Banned {
    /// Of which kind: `visitor`, `email` or `address`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Visitor(_) => "visitor",
            Self::Email(_) => "email",
            Self::Address(_) => "address",
        }
    }

    /// The id, or the address.
    pub fn value(&self) -> &str {
        match self {
            Self::Visitor(id) => id.as_str(),
            Self::Email(key) | Self::Address(key) => key,
        }
    }

    /// Reads what [`Banned::kind`] and [`Banned::value`] say.
    pub fn of(kind: &str, value: &str) -> Option<Self> {
        match kind {
            "visitor" => value.parse().ok().map(Self::Visitor),
            "email" => Some(Self::Email(value.to_owned())),
            "address" => Some(Self::Address(value.to_owned())),
            _ => None,
        }
    }
}

/// What e-mail addresses are compared by: no two that differ only in case are told apart.
pub fn email_key(email: &str) -> String {
    /// Characters that are compared; lower case can be longer than the text.
    const KEY_CHARS: usize = 255;
    email.trim().to_lowercase().chars().take(KEY_CHARS).collect()
}

/// What addresses are compared by: IPv4 as it is, of IPv6 the network of 64 bits, for a line has all of that.
pub fn address_key(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(four) => four.to_string(),
        IpAddr::V6(six) => format!("{}/64", Ipv6Addr::from(u128::from(six) >> 64 << 64)),
    }
}

/// Reads an address or network that somebody has typed.
///
/// # Errors
/// When it is none.
pub fn address(text: &str) -> Result<String, BadBan> {
    let text = text.trim();
    let bare = text.strip_suffix("/64");
    let read: IpAddr = bare.unwrap_or(text).parse().map_err(|_| BadBan::Address)?;
    if bare.is_some() && read.is_ipv4() {
        return Err(BadBan::Address);
    }
    Ok(address_key(read))
}

/// When a ban of this term ends; `None` is never.
///
/// # Errors
/// When it is not one of [`TERMS`].
pub fn ends_at(term: &str, now: Millis) -> Result<Option<Millis>, BadBan> {
    let found = TERMS.iter().find(|(name, _)| *name == term).ok_or(BadBan::Term)?;
    Ok(found.1.map(|lasts| now.saturating_add(lasts)))
}

/// Checks why somebody is banned; nothing is a reason too.
///
/// # Errors
/// When it is too long.
pub fn reason(text: &str) -> Result<String, BadBan> {
    let text: String = text.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect();
    if text.chars().count() <= REASON_CHARS { Ok(text) } else { Err(BadBan::Reason) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bans_are_read_as_they_are_written() {
        let visitor = Banned::Visitor("v1".parse().unwrap());
        for banned in [visitor, Banned::Email("a@b.org".into()), Banned::Address("192.0.2.7".into())] {
            assert_eq!(Banned::of(banned.kind(), banned.value()), Some(banned));
        }
        assert_eq!(Banned::of("visitor", "no id!"), None);
        assert_eq!(Banned::of("country", "x"), None);
    }

    #[test]
    fn an_address_is_one_of_four_or_a_network_of_six() {
        for (typed, key) in [
            (" 192.0.2.7 ", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8::1", "2001:db8::/64"),
            ("2001:db8:0:0:ffff::1/64", "2001:db8::/64"),
            ("2001:DB8::/64", "2001:db8::/64"),
        ] {
            assert_eq!(address(typed).as_deref(), Ok(key), "{typed}");
        }
        for bad in
            ["", "192.0.2", "192.0.2.0/24", "192.0.2.7/64", "2001:db8::/48", "example.org", "1.2.3.4:80"]
        {
            assert_eq!(address(bad), Err(BadBan::Address), "{bad}");
        }
    }

    #[test]
    fn a_ban_ends_or_does_not() {
        assert_eq!(ends_at("1h", 5), Ok(Some(3_600_005)));
        assert_eq!(ends_at("30d", 0), Ok(Some(2_592_000_000)));
        assert_eq!(ends_at("forever", 5), Ok(None));
        for bad in ["", "2h", "1H", "Forever", "-1d"] {
            assert_eq!(ends_at(bad, 0), Err(BadBan::Term), "{bad}");
        }
    }

    #[test]
    fn case_tells_no_addresses_apart_and_reasons_end() {
        assert_eq!(email_key(" Ada@Example.ORG "), "ada@example.org");
        assert_eq!(reason("  rude\u{0} words ").as_deref(), Ok("rude words"));
        assert_eq!(reason(&"x".repeat(REASON_CHARS + 1)), Err(BadBan::Reason));
    }
}
