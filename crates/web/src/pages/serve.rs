//! A file as an answer: its type, the smallest copy that the client takes, an ETag, what caches may do.

use super::encoding::{Encoding, accepted};
use super::files::{self, File};
use crate::http::problem::Refused;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, VARY};
use http::{HeaderMap, StatusCode};
use std::fmt::Write as _;
use switchboard_wire::{Failure, Problem};

/// Bytes of the hash in an ETag.
const TAG_BYTES: usize = 12;

/// The file at `path`, or the problem in its place: 503 when nothing was built, 404 when there is no such file.
pub(super) fn file(path: &str, request: &HeaderMap, cache: &'static str) -> Response {
    let wanted = accepted(request).into_iter();
    // The compressed copies have no address of their own.
    let hidden = path.ends_with(".br") || path.ends_with(".gz");
    let found = wanted.filter(|_| !hidden).find_map(|encoding| {
        let file = files::get(&format!("{path}{}", encoding.suffix()))?;
        Some((encoding, file))
    });
    match found {
        Some((encoding, file)) => answer(path, request, cache, encoding, file),
        None => missing().into_response(),
    }
}

fn missing() -> Refused {
    if files::any() {
        Refused::new(Problem::NotFound, "there is no such file")
    } else {
        Refused(Failure::unavailable("the pages are not part of this build: start it with `make run`"))
    }
}

fn answer(path: &str, request: &HeaderMap, cache: &'static str, encoding: Encoding, file: File) -> Response {
    let mut headers = HeaderMap::new();
    let tag = tag(&file.hash);
    let same = request.get_all(IF_NONE_MATCH).iter().any(|value| matches(value, &tag));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    if same {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind(path)));
    if encoding != Encoding::Identity {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    }
    (headers, file.bytes).into_response()
}

/// Of the bytes as they are sent, so that each encoding has its own.
fn tag(hash: &[u8; 32]) -> String {
    let mut tag = String::from('"');
    for byte in &hash[..TAG_BYTES] {
        // Writing to a string cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag + "\""
}

pub(crate) fn matches(value: &HeaderValue, tag: &str) -> bool {
    let Ok(text) = value.to_str() else { return false };
    text.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// The type by the ending of the name; always with a charset where it is text.
fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "ico" => "image/vnd.microsoft.icon",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_etag_is_recognised_in_a_list_and_when_a_proxy_weakened_it() {
        let tag = tag(&[0xab; 32]);
        assert_eq!(tag, "\"abababababababababababab\"");
        for header in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
            assert!(matches(&HeaderValue::from_str(&header).unwrap(), &tag), "{header}");
        }
        assert!(!matches(&HeaderValue::from_static("\"abab\""), &tag));
    }

    #[test]
    fn compressed_copies_and_strange_paths_are_not_served() {
        for path in ["assets/../Cargo.toml", "chat.html.br", "assets/nothing.js"] {
            let response = file(path, &HeaderMap::new(), "no-cache");
            let status = response.status();
            assert!(status == 404 || (status == 503 && !files::any()), "{path}: {status}");
        }
    }
}
