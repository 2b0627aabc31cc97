//! Which of the compressed copies beside a file a client wants.

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// A content encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// Those that the front end's build makes, best first, and none.
    const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// As in `Content-Encoding`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }

    /// Behind the file's name.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }
}

/// Those that the client takes, most wanted first; equals in our order (RFC 9110, 12.5.3). Identity is always the
/// last resort: a page in a form that was not asked for is better than none.
pub(super) fn accepted(headers: &HeaderMap) -> Vec<Encoding> {
    let lines: Vec<&str> =
        headers.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok()).collect();
    let quality = |wanted: &str| {
        lines.iter().flat_map(|line| line.split(',')).find_map(|item| {
            let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
            let q = || parameters.split(';').find_map(|p| p.trim().strip_prefix("q=")?.parse().ok());
            name.trim().eq_ignore_ascii_case(wanted).then(|| q().unwrap_or(1.0_f32))
        })
    };
    let mut ranked: Vec<(f32, Encoding)> = Encoding::ALL
        .into_iter()
        .map(|encoding| {
            let unsaid = if encoding == Encoding::Identity { f32::MIN_POSITIVE } else { 0.0 };
            (quality(encoding.name()).or_else(|| quality("*")).unwrap_or(unsaid), encoding)
        })
        .filter(|(quality, encoding)| *quality > 0.0 || *encoding == Encoding::Identity)
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.into_iter().map(|(_, encoding)| encoding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Encoding::{Brotli, Gzip, Identity};

    fn of(text: &str) -> Vec<Encoding> {
        accepted(&HeaderMap::from_iter([(ACCEPT_ENCODING, text.parse().unwrap())]))
    }

    #[test]
    fn the_client_chooses_and_we_prefer_brotli() {
        assert_eq!(of("gzip, deflate, br, zstd"), [Brotli, Gzip, Identity]);
        assert_eq!(of("br;q=0.5, gzip"), [Gzip, Brotli, Identity]);
        assert_eq!(of("gzip;q=0, *"), [Brotli, Identity]);
        assert_eq!(of("identity, br;q=0.9"), [Identity, Brotli]);
        assert_eq!(of("deflate"), [Identity]);
        assert_eq!(of("*;q=0"), [Identity]);
        assert_eq!(accepted(&HeaderMap::new()), [Identity]);
    }
}
