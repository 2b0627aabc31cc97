//! More than anybody may send.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use switchboard_testkit::{Http, unique};
use tokio::time::Instant;

use super::attack::{Tally, Target, many};
use super::frames::lasts;
use super::raw::{Ending, FINAL, PING, Raw, TEXT, frame, source};
use crate::plan::Scale;

/// The network of these attackers.
const NET: u8 = 102;
/// How long an attacker who has not read waits for what is said in the end, at full and at short length.
const SOON: (Duration, Duration) = (Duration::from_secs(15), Duration::from_secs(3));
/// Ten wrong guesses are free; the waits after them, of 2 s and 4 s, leave room for two more in [`lasts`].
const GUESSES: usize = 12;
/// Attackers at full and at short length.
fn count(scale: Scale) -> usize {
    match scale {
        Scale::Short => 2,
        Scale::Full => 50,
    }
}

/// Whether it is still there, or was told that it does not read.
fn open_or_slow(ending: &Ending) -> bool {
    matches!(ending, Ending::Open | Ending::Closed(4008))
}

/// Each attacker sends pieces as fast as they are taken, on a socket of its own.
async fn each(
    target: Arc<Target>,
    scale: Scale,
    reads: bool,
    piece: impl Fn(&Target, usize) -> Vec<u8> + Send + Sync + 'static,
) -> (Tally, usize) {
    let (lasts, piece) = (lasts(scale), Arc::new(piece));
    let soon = if scale == Scale::Full { SOON.0 } else { SOON.1 };
    let refused = Arc::new(AtomicUsize::new(0));
    let told = Arc::clone(&refused);
    let tally = many(count(scale), move |n| {
        let (target, piece, told) = (Arc::clone(&target), Arc::clone(&piece), Arc::clone(&told));
        async move {
            let mut raw: Raw = target.welcome(NET, n).await?;
            let until = Instant::now() + lasts;
            while Instant::now() < until {
                if tokio::time::timeout_at(until, raw.send(&piece(&target, n)))
                    .await
                    .is_ok_and(|sent| sent.is_err())
                {
                    break;
                }
                if reads {
                    raw.read_for(Duration::from_millis(1)).await;
                    told.fetch_add(raw.forget("rate_limited"), Ordering::Relaxed);
                }
            }
            let patience = if reads { Duration::from_millis(500) } else { soon };
            Ok(raw.ending(patience).await)
        }
    })
    .await;
    (tally, refused.load(Ordering::Relaxed))
}

pub(super) async fn pings(target: Arc<Target>, scale: Scale) -> Tally {
    let (tally, _) = each(target, scale, true, |_, _| frame(FINAL | PING, b"hello?").repeat(200)).await;
    tally.only(|ending| matches!(ending, Ending::Open | Ending::Closed(4400)))
}

/// Messages into the attacker's own conversation.
fn messages(target: &Target, n: usize) -> Vec<u8> {
    let (_, id) = target.visitor(n);
    let message = |_| {
        let client = unique("flood");
        let send = json!({ "type": "send", "conversation": id, "client_msg_id": client, "body": { "text": "flood" } });
        frame(FINAL | TEXT, send.to_string().as_bytes())
    };
    (0..50).flat_map(message).collect()
}

pub(super) async fn sends(target: Arc<Target>, scale: Scale) -> Tally {
    let (tally, refused) = each(target, scale, true, messages).await;
    let words = format!("{}; {refused} × nack rate_limited", tally.answers());
    let mut tally = tally.only(open_or_slow).words(words);
    if refused == 0 {
        tally.fault("nobody was told that it was too much".to_owned());
    }
    tally
}

pub(super) async fn sends_unread(target: Arc<Target>, scale: Scale) -> Tally {
    each(target, scale, false, messages).await.0.only(open_or_slow)
}

pub(super) async fn typing(target: Arc<Target>, scale: Scale) -> Tally {
    let piece = |target: &Target, n: usize| {
        let typing = json!({ "type": "typing", "conversation": target.visitor(n).1 });
        frame(FINAL | TEXT, typing.to_string().as_bytes()).repeat(100)
    };
    each(target, scale, true, piece).await.0.only(open_or_slow)
}

/// Requests without an end, with a token that nobody has, a hundred at a time on each connection.
pub(super) async fn requests(target: Arc<Target>, scale: Scale) -> Tally {
    let lasts = lasts(scale);
    let answered = Arc::new(Mutex::new((0_usize, 0_usize)));
    let told = Arc::clone(&answered);
    let tally = many(count(scale), move |n| {
        let (target, told) = (Arc::clone(&target), Arc::clone(&told));
        async move {
            let request = format!(
                "GET /api/v1/visitor/conversations HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
                target.address,
                "0".repeat(43)
            );
            let piece = request.repeat(20);
            let until = Instant::now() + lasts;
            let (mut refused, mut limited) = (0, 0);
            let mut raw = target.connect(NET, n).await?;
            while Instant::now() < until {
                if raw.send(piece.as_bytes()).await.is_err() {
                    raw = target.connect(NET, n).await?;
                }
                raw.read_for(Duration::from_millis(20)).await;
                limited += raw.count("HTTP/1.1 429 ");
                refused += raw.forget("HTTP/1.1 401 ");
            }
            let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
            *told = (told.0 + refused, told.1 + limited);
            Ok(Ending::Open)
        }
    })
    .await;
    let (refused, limited) = *answered.lock().unwrap_or_else(PoisonError::into_inner);
    let mut tally = tally.words(format!("{refused} × 401, {limited} × 429"));
    if refused + limited == 0 {
        tally.fault("nobody was answered".to_owned());
    }
    tally
}

/// Passwords guessed, by several addresses at once, each of which may be wrong ten times before it has to wait.
pub(super) async fn sign_ins(target: Arc<Target>, scale: Scale) -> Tally {
    let lasts = lasts(scale);
    let answered = Arc::new(Mutex::new((0, 0, 0)));
    let told = Arc::clone(&answered);
    let tally = many(count(scale).div_ceil(5), move |n| {
        let (target, told) = (Arc::clone(&target), Arc::clone(&told));
        async move {
            let http = Http::new(&target.address).from_source(source(NET, n + 1));
            let until = Instant::now() + lasts;
            let (mut wrong, mut limited) = (0, 0);
            while Instant::now() < until {
                let guess = json!({ "username": "root", "password": unique("guess guess guess") });
                match http.post("/session", guess).await?.status.as_u16() {
                    401 => wrong += 1,
                    429 => limited += 1,
                    other => anyhow::bail!("a guess was answered with {other}"),
                }
            }
            let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
            *told = (told.0 + wrong, told.1 + limited, told.2.max(wrong));
            Ok(Ending::Open)
        }
    })
    .await;
    let (wrong, limited, most) = *answered.lock().unwrap_or_else(PoisonError::into_inner);
    let mut tally = tally.words(format!("{wrong} × 401, {limited} × 429"));
    if most > GUESSES {
        tally.fault(format!("one address could guess {most} times"));
    }
    tally
}
