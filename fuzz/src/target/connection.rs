//! A whole connection, byte by byte: requests of any kind, and what follows an upgrade.

use crate::stage::{answer, check, exchange};

pub(crate) const WORDS: &[&str] = &[
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "POST /api/v1/session HTTP/1.1\r\n",
    "/api/v1/visitor/socket",
    "/api/v1/agent/socket",
    "/healthz",
    "/widget.js",
    "HTTP/1.0\r\n",
    "HTTP/2.0\r\n",
    "\r\n\r\n",
    "Content-Length: 18446744073709551615\r\n",
    "Transfer-Encoding: chunked\r\n",
    "ffffffffffffffff\r\n",
    "0\r\n\r\n",
    "Expect: 100-continue\r\n",
    "Connection: Upgrade\r\nUpgrade: websocket\r\n",
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
    "Content-Type: application/json\r\n",
    "X-Forwarded-For: 203.0.113.7, 10.0.0.1\r\n",
    "%00",
    "/../",
];

/// Nothing that a stranger says on a connection brings the edge down or gets an answer that the contract lacks.
pub(crate) fn run(input: &[u8]) {
    let heard = exchange(input);
    // An answer to HEAD is a head; hyper lets empty lines go before a request (RFC 9112, section 2.2).
    if let Some(first) = answer(&heard)
        && !input.trim_ascii_start().starts_with(b"HEAD ")
    {
        check(&first);
    }
}
