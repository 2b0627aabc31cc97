//! Frames that no client of ours sends.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::attack::{Tally, Target, many};
use super::raw::{BINARY, CLOSE, CONTINUATION, Ending, FINAL, PING, Raw, TEXT, frame, head_only};
use crate::plan::Scale;

/// How long an answer to a bad frame may take.
const SOON: Duration = Duration::from_secs(20);
/// How long a flood lasts at full and at short length.
const LASTS: (Duration, Duration) = (Duration::from_secs(8), Duration::from_secs(2));
/// A gibibyte.
const GIB: u64 = 1 << 30;
/// The network of these attackers.
const NET: u8 = 101;

/// How many attackers at this length.
fn count(scale: Scale) -> usize {
    match scale {
        Scale::Short => 40,
        Scale::Full => 500,
    }
}

pub(super) fn lasts(scale: Scale) -> Duration {
    match scale {
        Scale::Short => LASTS.1,
        Scale::Full => LASTS.0,
    }
}

/// A socket closed with this code.
pub(super) fn closed(code: u16) -> impl Fn(&Ending) -> bool {
    move |ending| *ending == Ending::Closed(code)
}

/// Each attacker sends this on a socket of its own.
async fn each(
    target: Arc<Target>,
    scale: Scale,
    bytes: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static,
) -> Tally {
    let bytes = Arc::new(bytes);
    many(count(scale), move |n| {
        let (target, bytes) = (Arc::clone(&target), Arc::clone(&bytes));
        async move {
            let mut raw = target.welcome(NET, n).await?;
            // Whoever is answered before it has said everything is answered.
            let _ = raw.send(&bytes(n)).await;
            Ok(raw.ending(SOON).await)
        }
    })
    .await
}

pub(super) async fn a_gibibyte(target: Arc<Target>, scale: Scale) -> Tally {
    let some = [head_only(FINAL | TEXT, GIB), vec![b'x'; 200_000]].concat();
    each(target, scale, move |_| some.clone()).await.only(closed(1009))
}

pub(super) async fn endless_fragments(target: Arc<Target>, scale: Scale) -> Tally {
    let mut all = frame(TEXT, b"{");
    (0..2_000).for_each(|_| all.extend(frame(CONTINUATION, &[b' '; 100])));
    each(target, scale, move |_| all.clone()).await.only(closed(1009))
}

/// Nothing becomes larger, and nothing ever ends.
pub(super) async fn empty_fragments(target: Arc<Target>, scale: Scale) -> Tally {
    let lasts = lasts(scale);
    many(count(scale) / 20, move |n| {
        let target = Arc::clone(&target);
        async move {
            let mut raw: Raw = target.welcome(NET, n).await?;
            raw.frame(TEXT, b"{").await?;
            let piece = frame(CONTINUATION, b"").repeat(500);
            let until = Instant::now() + lasts;
            while Instant::now() < until && raw.send(&piece).await.is_ok() {}
            Ok(raw.ending(Duration::from_millis(500)).await)
        }
    })
    .await
    .only(|ending| matches!(ending, Ending::Open | Ending::Closed(4400 | 1009)))
}

pub(super) async fn bad_utf8(target: Arc<Target>, scale: Scale) -> Tally {
    let bad: [&[u8]; 4] = [b"{\"type\":\"\xff\xfe\"}", b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"];
    each(target, scale, move |n| frame(FINAL | TEXT, bad[n % bad.len()])).await.only(closed(4400))
}

pub(super) async fn deep_json(target: Arc<Target>, scale: Scale) -> Tally {
    each(target, scale, |_| frame(FINAL | TEXT, "[".repeat(60_000).as_bytes())).await.only(closed(4400))
}

pub(super) async fn deeper_json(target: Arc<Target>, scale: Scale) -> Tally {
    each(target, scale, |_| frame(FINAL | TEXT, "[".repeat(100_000).as_bytes())).await.only(closed(1009))
}

/// Everything that RFC 6455 forbids.
pub(super) async fn against_the_protocol(target: Arc<Target>, scale: Scale) -> Tally {
    let mut unmasked = frame(FINAL | TEXT, b"{}");
    unmasked[1] &= 0x7f;
    let long_ping = frame(FINAL | PING, &[0; 126]);
    let bad = [
        frame(FINAL | BINARY, b"{}"),
        frame(FINAL | 0x40 | TEXT, b"{}"),
        frame(FINAL | 0x3, b"{}"),
        frame(FINAL | 0xf, b"{}"),
        frame(PING, b"in fragments"),
        long_ping,
        frame(FINAL | CONTINUATION, b"of nothing"),
        [frame(TEXT, b"{"), frame(FINAL | TEXT, b"}")].concat(),
        unmasked,
        frame(FINAL | CLOSE, &[3]),
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
    ];
    each(target, scale, move |n| bad[n % bad.len()].clone())
        .await
        .only(|ending| matches!(ending, Ending::Closed(4400 | 1002)))
}
