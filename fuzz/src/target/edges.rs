//! What stands around a body: query and cursor, cookies, `Origin`, `X-Forwarded-For`, the bearer token. Each line of
//! the input is the next of them.

use crate::stage::{answer, check, exchange};

pub(crate) const WORDS: &[&str] = &[
    "/api/v1/conversations?view=mine&status=open&limit=5&cursor=",
    "/api/v1/conversations/c1/entries?after=1&before=2",
    "/api/v1/audit?cursor=8fa01b2c3137",
    "/api/v1/visitor/conversations",
    "/api/v1/agent/socket",
    "/api/v1/teams?limit=-1",
    "?q=%F0%9F%A6%80",
    "&limit=9223372036854775807",
    "%ff%00%2e%2e",
    "__Host-sb=secret",
    "__Host-sb=a; __Host-sb=b",
    "https://chat.example.org",
    "https://shop.example.org",
    "https://chat.example.org.evil.example",
    "null",
    "http://[::1]:80",
    "203.0.113.7, 10.0.0.1",
    "::ffff:10.0.0.1",
    "Bearer ",
    "bearer token",
];

const HEADERS: [&str; 4] = ["Cookie", "Origin", "X-Forwarded-For", "Authorization"];

/// Whatever stands around a request, the answer is one of the contract's.
pub(crate) fn run(input: &[u8]) {
    let mut lines = input.split(|byte| *byte == b'\n');
    let target = lines.next().unwrap_or_default();
    // What ends a line would make another request of it; that is `connection`'s to try.
    let plain = |line: &[u8]| line.iter().copied().filter(|byte| *byte != b'\r').collect::<Vec<u8>>();
    let mut said = b"GET ".to_vec();
    said.extend(plain(target).into_iter().filter(|byte| *byte != b' '));
    said.extend(b" HTTP/1.1\r\nHost: chat.example.org\r\n");
    for (n, line) in lines.enumerate() {
        said.extend(HEADERS[n % HEADERS.len()].bytes());
        said.extend(b": ");
        said.extend(plain(line));
        said.extend(b"\r\n");
    }
    said.extend(b"\r\n");
    let heard = exchange(&said);
    let first = answer(&heard);
    assert!(first.is_some(), "no answer to {}", String::from_utf8_lossy(&said));
    if let Some(first) = first {
        check(&first);
    }
}
