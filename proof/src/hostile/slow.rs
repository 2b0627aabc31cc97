//! Clients that take their time, and as many as they get.

use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use switchboard_testkit::Http;
use tokio::time::{Instant, sleep, timeout_at};

use super::attack::{Tally, Target, address, many};
use super::raw::{Ending, Raw, source};
use crate::plan::Scale;

/// The network of these attackers.
const NET: u8 = 104;
/// Heads, bodies and hellos may take ten seconds; a little later they are over.
const OVER: Duration = Duration::from_secs(14);
/// Whoever does not read is given up after this.
const UNREAD: Duration = Duration::from_secs(60);
/// Connections that one address may have by default, whatever they do.
const ONE_ADDRESS: usize = 1_000;

fn count(scale: Scale, full: usize) -> usize {
    match scale {
        Scale::Short => full / 25,
        Scale::Full => full,
    }
}

/// Sends a byte a second until the connection ends.
async fn trickle(mut raw: Raw, bytes: &[u8]) -> Ending {
    let until = Instant::now() + OVER;
    for byte in bytes {
        if Instant::now() >= until || raw.send(&[*byte]).await.is_err() {
            break;
        }
        sleep(Duration::from_secs(1)).await;
        if raw.has_ended() {
            break;
        }
    }
    raw.ending(Duration::from_millis(500)).await
}

pub(super) async fn heads(target: Arc<Target>, scale: Scale) -> Tally {
    many(count(scale, 3_000), move |n| {
        let target = Arc::clone(&target);
        async move {
            let raw = target.connect(NET, n).await?;
            Ok(trickle(raw, b"GET / HTTP/1.1\r\nHost: localhost\r\n").await)
        }
    })
    .await
    .only(|ending| matches!(ending, Ending::Dropped | Ending::Answered(408, 1)))
}

pub(super) async fn bodies(target: Arc<Target>, scale: Scale) -> Tally {
    many(count(scale, 1_000), move |n| {
        let target = Arc::clone(&target);
        async move {
            let mut raw = target.connect(NET + 1, n).await?;
            let (visitor, id) = target.visitor(n);
            let head = format!(
                "POST /api/v1/visitor/conversations/{id}/messages HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
                 Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n",
                target.address, visitor.token
            );
            raw.send(head.as_bytes()).await?;
            Ok(trickle(raw, &[b' '; 1_000]).await)
        }
    })
    .await
    .only(|ending| matches!(ending, Ending::Answered(400 | 408, 1)))
}

/// One request, its answer, and nothing any more.
pub(super) async fn idle(target: Arc<Target>, scale: Scale) -> Tally {
    many(count(scale, 3_000), move |n| {
        let target = Arc::clone(&target);
        async move {
            let mut raw = target.connect(NET + 5, n).await?;
            raw.send(format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", target.address).as_bytes()).await?;
            Ok(raw.ending(OVER).await)
        }
    })
    .await
    .only(|ending| *ending == Ending::Answered(200, 1))
}

/// Asks for pages, many at a time, and reads nothing.
pub(super) async fn unread(target: Arc<Target>, scale: Scale) -> Tally {
    many(count(scale, 500), move |n| {
        let target = Arc::clone(&target);
        async move {
            let mut raw = Raw::narrow(&target.address, address(NET + 2, n)).await?;
            let request = format!("GET /api/v1/openapi.json HTTP/1.1\r\nHost: {}\r\n\r\n", target.address);
            let piece = request.repeat(50);
            let (until, mut at) = (Instant::now() + UNREAD, 0);
            loop {
                // Where it was: half a request would be answered as one.
                match timeout_at(until, raw.send_some(&piece.as_bytes()[at..])).await {
                    Ok(Ok(sent)) => at = (at + sent) % piece.len(),
                    Ok(Err(_)) => return Ok(Ending::Dropped),
                    Err(_) => return Ok(Ending::Open),
                }
            }
        }
    })
    .await
    .only(|ending| *ending == Ending::Dropped)
}

/// One address opens as many connections as it can; others still get in.
pub(super) async fn one_address(target: Arc<Target>, scale: Scale) -> Tally {
    let wanted = count(scale, 4_000).max(ONE_ADDRESS + 100);
    let from = source(NET + 3, 1);
    let (mut tally, mut held) = (Tally::default(), Vec::new());
    for _ in 0..wanted {
        match Raw::connect(&target.address, from).await {
            Ok(raw) => held.push(raw),
            Err(_) => tally.count(Ending::Dropped),
        }
    }
    sleep(Duration::from_secs(1)).await;
    let mut open = Vec::new();
    for mut raw in held {
        if raw.has_ended() {
            tally.count(raw.ending(Duration::ZERO).await);
        } else {
            tally.count(Ending::Open);
            open.push(raw);
        }
    }
    let asked = async {
        let http = Http::new(&target.address).from_source(source(NET + 3, 2));
        let reply = http.raw(http::Method::GET, "/healthz", None).await?;
        ensure!(reply.status == 200, "{}", reply.status);
        anyhow::Ok(())
    };
    if let Err(error) = asked.await {
        tally.fault(format!("nobody else gets in: {error:#}"));
    }
    if open.len() > ONE_ADDRESS {
        tally.fault(format!("one address has {} connections", open.len()));
    }
    tally.only(|ending| matches!(ending, Ending::Open | Ending::Answered(429, 1) | Ending::Dropped))
}

pub(super) async fn no_hello(target: Arc<Target>, scale: Scale) -> Tally {
    many(count(scale, 5_000), move |n| {
        let target = Arc::clone(&target);
        async move {
            // Not all of them in the same moment: the queue of the listening socket is not what is tried.
            sleep(Duration::from_micros(200) * n as u32).await;
            let raw = Raw::socket(&target.address, address(NET + 4, n)).await?;
            Ok(raw.ending(OVER).await)
        }
    })
    .await
    .only(|ending| *ending == Ending::Closed(4400))
}
