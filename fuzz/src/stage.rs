//! An edge without a network: connections in memory, a clock that nobody waits for, and a dbmgr that always answers.

use crate::reply::Canned;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use switchboard_domain::{Clock, Millis, Rng};
use switchboard_web::{Limits, Parts, Web, WebConfig, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex, split};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

/// Where people reach the edge.
pub(crate) const PUBLIC_URL: &str = "https://chat.example.org";
/// A site that may open visitors' sockets.
const SITE: &str = "https://shop.example.org";
/// The peer of every connection: a proxy of ours, so that what it forwards is read.
const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
/// What lies between the two ends.
const PIPE_BYTES: usize = 64 * 1024;
/// How long the edge has for what it does by itself before the client leaves; costs nothing, as nobody waits for the
/// clock.
const SETTLE: Duration = Duration::from_millis(200);
/// Longer than every deadline of the edge.
const PATIENCE: Duration = Duration::from_secs(120);
/// More than anybody may send.
const FREE: f64 = 1e9;

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Millis {
        1_795_417_200_000
    }

    fn elapsed(&self) -> Millis {
        0
    }
}

/// Dice that fall alike in every run.
#[derive(Default)]
struct Dice(AtomicU64);

impl Rng for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let n = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            *byte = n.to_be_bytes()[0];
        }
    }
}

/// An edge.
pub(crate) struct Stage {
    runtime: Runtime,
    web: Web,
}

thread_local! {
    static STAGE: Stage = Stage::set();
}

/// Opens a connection, says all of it, and answers all that came back.
pub(crate) fn exchange(said: &[u8]) -> Vec<u8> {
    STAGE.with(|stage| stage.exchange(said))
}

impl Stage {
    #[expect(clippy::expect_used, reason = "without an edge there is nothing to fuzz")]
    fn set() -> Self {
        let paused = Builder::new_current_thread().enable_all().start_paused(true).build();
        let runtime = paused.expect("a runtime");
        let web = runtime.block_on(async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
            let limits = Limits {
                visitor_messages_per_s: FREE,
                visitor_messages_burst: FREE,
                agent_messages_per_s: FREE,
                visitor_sessions_per_min: FREE,
                visitor_sessions_burst: FREE,
                ..Limits::default()
            };
            let config = WebConfig {
                public_url: Some(PUBLIC_URL.into()),
                sites: vec![SITE.into()],
                proxies: vec![PEER],
                limits,
            };
            let link = Arc::new(Canned);
            let parts = Parts { link, buses: vec![], clock: Arc::new(Noon), rng: Arc::<Dice>::default() };
            serve(listener, config, parts).await.expect("an edge")
        });
        Self { runtime, web }
    }

    fn exchange(&self, said: &[u8]) -> Vec<u8> {
        self.runtime.block_on(async {
            let (client, server) = duplex(PIPE_BYTES);
            let (mut from, mut to) = split(client);
            let talking = async {
                let saying = async {
                    // The edge may have had enough before all is said.
                    let _ = to.write_all(said).await;
                    sleep(SETTLE).await;
                    let _ = to.shutdown().await;
                };
                let mut heard = Vec::new();
                let hearing = from.read_to_end(&mut heard);
                let _ = tokio::join!(saying, hearing);
                heard
            };
            let both = async { tokio::join!(self.web.attend(server, PEER), talking).1 };
            let heard = timeout(PATIENCE, both).await;
            assert!(heard.is_ok(), "a connection goes on after its end");
            heard.unwrap_or_default()
        })
    }
}

/// A client's WebSocket frame, masked with zeros.
pub(crate) fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    const FINAL: u8 = 0x80;
    const MASKED: u8 = 0x80;
    let mut frame = vec![FINAL | kind];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short), _) if short < 126 => frame.push(MASKED | short),
        (_, Ok(medium)) => {
            frame.push(MASKED | 126);
            frame.extend(medium.to_be_bytes());
        }
        _ => {
            frame.push(MASKED | 127);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

/// The frames in what a server said: kind and payload. Whatever is no whole frame ends them.
pub(crate) fn frames(mut rest: &[u8]) -> Vec<(u8, &[u8])> {
    let mut found = Vec::new();
    while let [flags, short, behind @ ..] = rest {
        let (length, body) = match (short, behind) {
            (126, [a, b, body @ ..]) => (usize::from(u16::from_be_bytes([*a, *b])), body),
            (127, [a, b, c, d, e, f, g, h, body @ ..]) => {
                let length = u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
                (usize::try_from(length).unwrap_or(usize::MAX), body)
            }
            (126.., _) => break,
            (short, body) => (usize::from(*short), body),
        };
        let Some((payload, next)) = body.split_at_checked(length) else { break };
        found.push((flags & 0xf, payload));
        rest = next;
    }
    found
}

/// An answer of the edge: its status, its head and what follows.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) head: &'a str,
    pub(crate) body: &'a [u8],
}

/// The first answer in what came back; none when nothing did.
pub(crate) fn answer(heard: &[u8]) -> Option<Answer<'_>> {
    if heard.is_empty() {
        return None;
    }
    let end = heard.windows(4).position(|four| four == b"\r\n\r\n");
    assert!(end.is_some(), "no head: {}", String::from_utf8_lossy(heard));
    let (head, body) = heard.split_at_checked(end? + 4)?;
    let head = std::str::from_utf8(head).ok()?;
    let status = head.strip_prefix("HTTP/1.1 ").or_else(|| head.strip_prefix("HTTP/1.0 "));
    let status = status.and_then(|rest| rest.get(..3)).and_then(|status| status.parse().ok());
    assert!(status.is_some(), "no status: {head}");
    Some(Answer { status: status?, head, body })
}

/// What the contract lets an answer be (§2), and what HTTP itself asks for.
const STATUSES: [u16; 18] =
    [101, 200, 201, 204, 301, 302, 303, 304, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429];

/// Checks an answer against the contract: a status that it knows, and a problem document with each refusal.
pub(crate) fn check(answer: &Answer<'_>) {
    let Answer { status, head, body } = answer;
    // 431 and a bare 400 are hyper's own words for what is no HTTP at all; they have no body.
    let own = matches!(status, 400 | 408 | 414 | 431 | 501) && head.contains("content-length: 0");
    assert!(own || STATUSES.contains(status) || *status == 503, "{head}");
    let api = head.contains("content-type: application/problem+json");
    if *status >= 400 && !own {
        assert!(api, "a refusal without a problem document: {head}");
        let document: Option<serde_json::Value> =
            serde_json::Deserializer::from_slice(body).into_iter().next().and_then(Result::ok);
        let status_of = document.as_ref().map(|document| &document["status"]);
        assert_eq!(status_of, Some(&serde_json::Value::from(*status)), "{head}");
    }
}
