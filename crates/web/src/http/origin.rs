//! Which pages may speak to us.

use http::HeaderMap;
use http::header::ORIGIN;
use std::net::IpAddr;

/// An address that people reach us by is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an origin: write scheme, host and port only, such as https://chat.example.org")]
pub struct BadOrigin(String);

/// Scheme, host and port, in the form in which browsers write them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    /// Reads `http://host[:port]` or `https://host[:port]`, with at most a final slash behind it.
    pub(crate) fn parse(text: &str) -> Result<Self, BadOrigin> {
        let bad = || BadOrigin(text.to_owned());
        let uri: http::Uri = text.parse().map_err(|_| bad())?;
        let scheme = uri.scheme_str().ok_or_else(bad)?.to_ascii_lowercase();
        let standard = match scheme.as_str() {
            "http" => 80,
            "https" => 443,
            _ => return Err(bad()),
        };
        let authority = uri.authority().ok_or_else(bad)?;
        if authority.as_str().contains('@') || uri.path() != "/" || uri.query().is_some() {
            return Err(bad());
        }
        let host = authority.host().to_ascii_lowercase();
        let port = if authority.as_str().len() > authority.host().len() {
            authority.port_u16().ok_or_else(bad)?
        } else {
            standard
        };
        Ok(Self { scheme, host, port })
    }

    /// Whether it is spoken over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.scheme == "https"
    }

    /// As in a content security policy, and as browsers send it.
    pub(crate) fn text(&self) -> String {
        let standard = if self.is_https() { 443 } else { 80 };
        if self.port == standard {
            format!("{}://{}", self.scheme, self.host)
        } else {
            format!("{}://{}:{}", self.scheme, self.host, self.port)
        }
    }

    /// `localhost` and its like, and the addresses of the loopback interface.
    fn is_loopback(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let named = host == "localhost" || host.ends_with(".localhost");
        named || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// Whose pages may do what.
#[derive(Debug, Clone)]
pub(crate) struct Origins {
    public: Origin,
    /// The port, when we listen on loopback: then any loopback name with it is ours.
    loopback_port: Option<u16>,
    sites: Vec<Origin>,
}

/// Where a request says it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    /// From our own pages.
    Own,
    /// From a page of a site that may embed us.
    Site,
    /// It does not say; browsers always do where it matters.
    Unsaid,
    /// From anywhere else.
    Foreign,
}

impl Origins {
    pub(crate) fn new(public: Origin, listen: std::net::SocketAddr, sites: Vec<Origin>) -> Self {
        let loopback_port = listen.ip().is_loopback().then_some(listen.port());
        Self { public, loopback_port, sites }
    }

    /// The one that people know.
    pub(crate) fn public(&self) -> &Origin {
        &self.public
    }

    /// Those of other sites that may embed us.
    pub(crate) fn sites(&self) -> &[Origin] {
        &self.sites
    }

    /// Reads the headers of a request.
    pub(crate) fn of(&self, headers: &HeaderMap) -> From {
        let mut values = headers.get_all(ORIGIN).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return if headers.contains_key(ORIGIN) { From::Foreign } else { From::Unsaid };
        };
        let Some(origin) = value.to_str().ok().and_then(|text| Origin::parse(text).ok()) else {
            return From::Foreign;
        };
        if origin == self.public {
            return From::Own;
        }
        let ours = |port| origin.port == port && origin.scheme == "http" && origin.is_loopback();
        if self.loopback_port.is_some_and(ours) {
            From::Own
        } else if self.sites.contains(&origin) {
            From::Site
        } else {
            From::Foreign
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(origins: &Origins, origin: Option<&str>) -> From {
        let mut headers = HeaderMap::new();
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        origins.of(&headers)
    }

    fn origins(public: &str, listen: &str) -> Origins {
        let sites = vec![Origin::parse("https://shop.example").unwrap()];
        Origins::new(Origin::parse(public).unwrap(), listen.parse().unwrap(), sites)
    }

    #[test]
    fn behind_a_proxy_only_the_public_name_is_ours() {
        let origins = origins("https://Chat.Example.org/", "0.0.0.0:8080");
        assert_eq!(from(&origins, Some("https://chat.example.org")), From::Own);
        assert_eq!(from(&origins, Some("https://chat.example.org:443")), From::Own);
        assert_eq!(from(&origins, Some("https://shop.example")), From::Site);
        assert_eq!(from(&origins, None), From::Unsaid);
        for foreign in [
            "http://chat.example.org",
            "https://chat.example.org:8080",
            "https://chat.example.org.evil.test",
            "http://localhost:8080",
            "http://127.0.0.1:8080",
            "http://shop.example",
            "null",
            "",
        ] {
            assert_eq!(from(&origins, Some(foreign)), From::Foreign, "{foreign}");
        }
    }

    #[test]
    fn on_loopback_every_loopback_name_with_our_port_is_ours() {
        let origins = origins("http://127.0.0.1:8080", "127.0.0.1:8080");
        for own in
            ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080", "http://127.9.9.9:8080"]
        {
            assert_eq!(from(&origins, Some(own)), From::Own, "{own}");
        }
        for foreign in [
            "http://localhost",
            "http://localhost:5173",
            "https://localhost:8080",
            "http://localhost.evil.test:8080",
            "http://10.0.0.1:8080",
        ] {
            assert_eq!(from(&origins, Some(foreign)), From::Foreign, "{foreign}");
        }
    }

    #[test]
    fn two_origins_are_none() {
        let origins = origins("http://127.0.0.1:8080", "127.0.0.1:8080");
        let mut headers = HeaderMap::new();
        headers.append(ORIGIN, "http://127.0.0.1:8080".parse().unwrap());
        headers.append(ORIGIN, "http://evil.test".parse().unwrap());
        assert_eq!(origins.of(&headers), From::Foreign);
    }

    #[test]
    fn an_origin_has_neither_path_nor_user() {
        for bad in [
            "chat.example.org",
            "ftp://a.test",
            "https://a.test/x",
            "https://u@a.test",
            "https://a.test:x",
            "*",
        ] {
            assert!(Origin::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Origin::parse("http://A.test:80").unwrap().text(), "http://a.test");
        assert_eq!(Origin::parse("https://a.test:8443/").unwrap().text(), "https://a.test:8443");
    }
}
