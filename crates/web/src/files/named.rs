//! The name of a file in a header.

use http::HeaderValue;
use std::fmt::Write as _;

/// `Content-Disposition` of something to keep under this name and never to show (RFC 6266, RFC 8187). Whatever is in the
/// name, only letters, digits and a few marks go into the header as they are.
pub(crate) fn attachment(name: &str) -> HeaderValue {
    let mut text = String::from("attachment; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_gets_out_of_it() {
        let of = |name: &str| attachment(name).to_str().unwrap().to_owned();
        assert_eq!(of("cat.png"), "attachment; filename*=UTF-8''cat.png");
        assert_eq!(of("Käse 1.pdf"), "attachment; filename*=UTF-8''K%C3%A4se%201.pdf");
        let bad = of("a\r\nSet-Cookie: x=y; filename=\"b\" 'c' %41;");
        let rest = bad.strip_prefix("attachment; filename*=UTF-8''").unwrap();
        assert!(!rest.contains(['\r', '\n', '"', '\'', ';', ' ', ':', '=']), "{rest}");
    }
}
