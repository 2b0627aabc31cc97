//! The body of every route that takes one, through the edge's own reader. The first line names the route (`POST
//! /api/v1/teams`); without such a line the first byte chooses one. Who asks is let in.

use crate::reply::as_role;
use crate::stage::{PUBLIC_URL, answer, check, exchange};
use serde_json::Value;
use std::sync::LazyLock;

pub(crate) const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "null",
    "true",
    "-1",
    "1e999",
    "9223372036854775808",
    "\\u0000",
    "\\ud800",
    "\"body\":{\"text\":\"hi\"}",
    "\"client_msg_id\":\"0123456789abcdef\"",
    "\"to\":{\"people\":true}",
    "\"to\":{\"automation\":\"mat\"}",
    "\"fence\":1",
    "\"until\":\"2030-01-31T09:00:00Z\"",
    "\"username\":\"maya\"",
    "\"password\":\"\"",
    "\"status\":\"online\"",
    "\"score\":5",
    "\"capacity\":-9",
    "\"teams\":[\"t1\"]",
    "\"active\":null",
    "\"name\":\"\u{202e}\u{0}\"",
    "[[[[[[[[[[[[[[[[[[[[",
    "{\"\":{\"\":{\"\":",
];

/// Method and path of every route with a body, from the description that the edge itself gives.
static ROUTES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let described: Value = serde_json::from_str(&switchboard_web::openapi_json()).unwrap_or_default();
    let paths = described["paths"].as_object().into_iter().flatten();
    let methods = paths.flat_map(|(path, item)| {
        let with_body = item.as_object().into_iter().flatten();
        let with_body = with_body.filter(|(_, operation)| operation.get("requestBody").is_some());
        with_body.map(|(method, _)| (method.to_uppercase(), filled(path)))
    });
    methods.collect()
});

/// A path with something in each of its places.
fn filled(path: &str) -> String {
    let fill = |part| match part {
        "{name}" => "mat",
        part if part.starts_with('{') => "c1",
        part => part,
    };
    path.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// The first lines that choose each of the routes.
pub(crate) fn lines() -> Vec<String> {
    ROUTES.iter().map(|(method, path)| format!("{method} {path}")).collect()
}

/// The route that an input chooses, and the body.
fn split(input: &[u8]) -> Option<(&'static (String, String), &[u8])> {
    if let Some(end) = input.iter().position(|byte| *byte == b'\n')
        && let Ok(line) = std::str::from_utf8(&input[..end])
        && let Some((method, path)) = line.split_once(' ')
        && let Some(route) = ROUTES.iter().find(|route| route.0 == method && route.1 == path)
    {
        return Some((route, &input[end + 1..]));
    }
    let (choice, body) = input.split_first()?;
    Some((&ROUTES[usize::from(*choice) % ROUTES.len()], body))
}

/// Whatever a body holds, the answer is one of the contract's, and what reaches a dbmgr could travel there.
pub(crate) fn run(input: &[u8]) {
    assert!(ROUTES.len() > 15, "the description names {} routes with a body", ROUTES.len());
    let Some(((method, path), body)) = split(input) else { return };
    let mut said = format!(
        "{method} {path} HTTP/1.1\r\nHost: chat.example.org\r\nOrigin: {PUBLIC_URL}\r\nCookie: __Host-sb=secret\r\n\
         Authorization: Bearer token\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    said.extend(body);
    // Each route has a role that may use it.
    let mut heard = Vec::new();
    for role in ["agent", "admin", "super_admin"] {
        heard = as_role(role, || exchange(&said));
        if answer(&heard).is_none_or(|first| first.status != 403) {
            break;
        }
    }
    let first = answer(&heard);
    assert!(first.is_some(), "no answer to {method} {path}");
    if let Some(first) = first {
        check(&first);
        assert!(
            !matches!(first.status, 401 | 403 | 405 | 503),
            "{method} {path}: {}{}",
            first.head,
            String::from_utf8_lossy(first.body)
        );
    }
}
