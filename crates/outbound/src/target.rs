//! Where a request goes.

use crate::failure::Failure;
use crate::limits::URL_BYTES;
use http::uri::{PathAndQuery, Scheme};
use http::{HeaderValue, Uri};
use std::fmt;
use std::str::FromStr;

/// An address of a server and a path on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub(crate) plain: bool,
    /// A name, or an address without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) authority: HeaderValue,
    pub(crate) path: PathAndQuery,
}

impl FromStr for Target {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        if text.len() > URL_BYTES {
            return Err(Failure::Url("it is too long"));
        }
        let uri: Uri = text.parse().map_err(|_| Failure::Url("it cannot be read"))?;
        let plain = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => false,
            Some(scheme) if *scheme == Scheme::HTTP => true,
            _ => return Err(Failure::Url("it must begin with https://")),
        };
        let authority = uri.authority().ok_or(Failure::Url("it has no server"))?;
        if authority.as_str().contains('@') {
            return Err(Failure::Url("it must not hold a user or a password"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(Failure::Url("it has no server"));
        }
        let port = match (authority.port_u16(), authority.as_str().rsplit_once(':')) {
            (Some(0), _) => return Err(Failure::Url("its port is none")),
            (Some(port), _) => port,
            (None, Some((_, after))) if !after.ends_with(']') => {
                return Err(Failure::Url("its port is none"));
            }
            (None, _) => {
                if plain {
                    80
                } else {
                    443
                }
            }
        };
        let header = HeaderValue::from_str(authority.as_str());
        Ok(Self {
            plain,
            host: host.to_ascii_lowercase(),
            port,
            authority: header.map_err(|_| Failure::Url("it cannot be read"))?,
            path: uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/")),
        })
    }
}

impl Target {
    /// The server without the path on it, which may be a secret: for those who need not know that.
    pub fn origin(&self) -> String {
        let scheme = if self.plain { "http" } else { "https" };
        format!("{scheme}://{}", self.authority.to_str().unwrap_or_default())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin(), self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let target: Target = "https://Hooks.Example.org/a/b?c=d".parse().unwrap();
        assert_eq!((target.host.as_str(), target.port, target.plain), ("hooks.example.org", 443, false));
        assert_eq!(target.path.as_str(), "/a/b?c=d");
        assert_eq!(target.to_string(), "https://Hooks.Example.org/a/b?c=d");
        assert_eq!(target.origin(), "https://Hooks.Example.org");
        let target: Target = "http://[::1]:8080".parse().unwrap();
        assert_eq!((target.host.as_str(), target.port, target.plain), ("::1", 8080, true));
        assert_eq!(target.path.as_str(), "/");
        let target: Target = "https://[2001:db8::1]/x".parse().unwrap();
        assert_eq!((target.host.as_str(), target.port), ("2001:db8::1", 443));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("https://example.org/{}", "x".repeat(URL_BYTES));
        for bad in [
            "",
            "example.org",
            "/path",
            "ftp://example.org/",
            "file:///etc/passwd",
            "https://",
            "https://:443/",
            "https://user:secret@example.org/",
            "https://example.org:0/",
            "https://example.org:99999/",
            "https://exa mple.org/",
            "javascript:alert(1)",
            &long,
        ] {
            assert!(matches!(bad.parse::<Target>(), Err(Failure::Url(_))), "{bad}");
        }
    }
}
