//! The cookie that holds a member of staff's session secret.

use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};
use switchboard_domain::limits::SESSION_ABSOLUTE_MS;

/// Its name: with the `__Host-` prefix browsers let nobody but this very host set it, over TLS only.
pub(crate) fn name(https: bool) -> &'static str {
    if https { "__Host-sb" } else { "sb" }
}

/// The secret in a request, if it carries exactly one.
pub(crate) fn read(headers: &HeaderMap, https: bool) -> Option<&str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut secrets = pairs
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, value)| *key == name(https) && !value.is_empty())
        .map(|(_, value)| value);
    let secret = secrets.next()?;
    secrets.all(|other| other == secret).then_some(secret)
}

/// Hands the secret to the browser, for as long as a session can last.
pub(crate) fn set(secret: &str, https: bool) -> Option<HeaderValue> {
    write(secret, SESSION_ABSOLUTE_MS / 1_000, https)
}

/// Takes it back.
pub(crate) fn clear(https: bool) -> Option<HeaderValue> {
    write("", 0, https)
}

fn write(secret: &str, max_age_s: i64, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    let name = name(https);
    let text = format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}");
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (COOKIE, line.parse().unwrap())).collect()
    }

    #[test]
    fn the_secret_is_found_among_others() {
        assert_eq!(read(&cookies(&["a=1; sb=secret; b=2"]), false), Some("secret"));
        assert_eq!(read(&cookies(&["a=1", "sb=secret"]), false), Some("secret"));
        assert_eq!(read(&cookies(&["sb=secret"]), true), None);
        assert_eq!(read(&cookies(&["__Host-sb=secret"]), true), Some("secret"));
        assert_eq!(read(&cookies(&["xsb=no; sb="]), false), None);
        // A neighbour on a parent domain could plant a second one.
        assert_eq!(read(&cookies(&["sb=one; sb=two"]), false), None);
    }

    #[test]
    fn the_cookie_is_as_closed_as_the_scheme_allows() {
        let https = set("s", true).unwrap();
        assert_eq!(https, "__Host-sb=s; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure");
        assert_eq!(clear(false).unwrap(), "sb=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }
}
