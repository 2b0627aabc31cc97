//! Requests that no client of ours makes.

use std::sync::Arc;
use std::time::Duration;

use super::attack::{Tally, Target, many};
use super::raw::Ending;
use crate::plan::Scale;

/// The network of these attackers.
const NET: u8 = 103;
/// How long an answer may take: as long as a body may.
const SOON: Duration = Duration::from_secs(15);

/// How many attackers at this length.
fn count(scale: Scale) -> usize {
    match scale {
        Scale::Short => 40,
        Scale::Full => 500,
    }
}

/// One answer with this status, and the end.
fn status(wanted: u16) -> impl Fn(&Ending) -> bool {
    move |ending| *ending == Ending::Answered(wanted, 1)
}

/// The same, or cut off: whoever still sends when the answer is given may have it taken away by its own system.
fn status_or_cut(wanted: u16) -> impl Fn(&Ending) -> bool {
    move |ending| status(wanted)(ending) || *ending == Ending::Dropped
}

/// Each attacker sends this on a connection of its own.
async fn each(
    target: Arc<Target>,
    scale: Scale,
    bytes: impl Fn(&Target, usize) -> Vec<u8> + Send + Sync + 'static,
) -> Tally {
    let bytes = Arc::new(bytes);
    many(count(scale), move |n| {
        let (target, bytes) = (Arc::clone(&target), Arc::clone(&bytes));
        async move {
            let mut raw = target.connect(NET, n).await?;
            // Whoever is answered before it has said everything is answered.
            let _ = raw.send(&bytes(&target, n)).await;
            Ok(raw.ending(SOON).await)
        }
    })
    .await
}

/// The head of a message over HTTP, without its end.
fn post(target: &Target, n: usize, fields: &str) -> String {
    let (visitor, id) = target.visitor(n);
    format!(
        "POST /api/v1/visitor/conversations/{id}/messages HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nConnection: close\r\n{fields}",
        target.address, visitor.token
    )
}

pub(super) async fn giant(target: Arc<Target>, scale: Scale) -> Tally {
    let bytes = |target: &Target, _| {
        format!("GET / HTTP/1.1\r\nHost: {}\r\nX: {}\r\n\r\n", target.address, "x".repeat(64 * 1024))
            .into_bytes()
    };
    each(target, scale, bytes).await.only(status_or_cut(431))
}

pub(super) async fn many_fields(target: Arc<Target>, scale: Scale) -> Tally {
    let bytes = |target: &Target, _| {
        let fields: String = (0..200).map(|n| format!("X-{n}: {n}\r\n")).collect();
        format!("GET / HTTP/1.1\r\nHost: {}\r\n{fields}\r\n", target.address).into_bytes()
    };
    each(target, scale, bytes).await.only(status(431))
}

pub(super) async fn long_target(target: Arc<Target>, scale: Scale) -> Tally {
    let bytes = |target: &Target, _| {
        format!("GET /{} HTTP/1.1\r\nHost: {}\r\n\r\n", "x".repeat(20 * 1024), target.address).into_bytes()
    };
    each(target, scale, bytes).await.only(status_or_cut(431))
}

pub(super) async fn giant_body(target: Arc<Target>, scale: Scale) -> Tally {
    let bytes = |target: &Target, n| {
        let mut bytes = post(target, n, "Content-Length: 1048576\r\n\r\n").into_bytes();
        bytes.resize(bytes.len() + (1 << 20), b' ');
        bytes
    };
    each(target, scale, bytes).await.only(status(413))
}

pub(super) async fn endless_chunks(target: Arc<Target>, scale: Scale) -> Tally {
    let bytes = |target: &Target, n| {
        let mut bytes = post(target, n, "Transfer-Encoding: chunked\r\n\r\n").into_bytes();
        (0..5_000).for_each(|_| bytes.extend_from_slice(b"20\r\n                                \r\n"));
        bytes
    };
    each(target, scale, bytes).await.only(status(413))
}

pub(super) async fn deep_body(target: Arc<Target>, scale: Scale) -> Tally {
    let bytes = |target: &Target, n| {
        let body = "[".repeat(30_000);
        format!("{}{body}", post(target, n, &format!("Content-Length: {}\r\n\r\n", body.len()))).into_bytes()
    };
    each(target, scale, bytes).await.only(status(400))
}

/// Heads that two readers could read differently, with a second request hidden behind them. Whoever is answered twice
/// has smuggled it.
pub(super) async fn smuggling(target: Arc<Target>, scale: Scale) -> Tally {
    let bytes = |target: &Target, n: usize| {
        let host = &target.address;
        let hidden = format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let length = hidden.len();
        let shapes = [
            format!("Content-Length: 0\r\nContent-Length: {length}\r\n\r\n"),
            format!("Content-Length: 0, {length}\r\n\r\n"),
            "Content-Length: -1\r\n\r\n".to_owned(),
            "Content-Length: +1\r\n\r\n".to_owned(),
            "Content-Length: 0x10\r\n\r\n".to_owned(),
            format!("Content-Length: {}\r\n\r\n", "9".repeat(40)),
            "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n".to_owned(),
            "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n".to_owned(),
            "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n".to_owned(),
            " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_owned(),
            "X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_owned(),
            "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n".to_owned(),
            "Transfer-Encoding: chunked\r\n\r\n-1\r\n".to_owned(),
            "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n".to_owned(),
            "X: a\0b\r\n\r\n".to_owned(),
            "X\r\n\r\n".to_owned(),
        ];
        // With "close" an answer to a request that was read as one ends the connection, and what is hidden with it.
        format!("{}{hidden}", post(target, n, &shapes[n % shapes.len()])).into_bytes()
    };
    each(target, scale, bytes).await.only(|ending| {
        matches!(ending, Ending::Answered(400 | 408 | 411 | 413 | 422 | 431 | 501, 1) | Ending::Dropped)
    })
}

pub(super) async fn random_bytes(target: Arc<Target>, scale: Scale) -> Tally {
    let bytes = |_: &Target, n: usize| {
        let mut dice = fastrand::Rng::with_seed(n as u64);
        (0..4_096).map(|_| dice.u8(..)).collect()
    };
    each(target, scale, bytes)
        .await
        .only(|ending| matches!(ending, Ending::Answered(400 | 405 | 414 | 431 | 505, 1) | Ending::Dropped))
}
