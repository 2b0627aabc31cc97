//! Sending what is due, a task for each server.

use crate::audit::{Report, cut};
use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits::{
    TELL_AT_A_TIME, TELL_COUNTED, TELL_DEADLINE, TELL_LOOK_AGAIN, TELL_REST, TELL_REST_LONGEST, TELL_ROWS,
    TELL_SAID_CHARS, TELL_SLEEP, TELL_WAITING,
};
use crate::shared::Shared;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use switchboard_domain::webhook::{GIVE_UP_MS, pause};
use switchboard_domain::{Millis, WebhookId};
use switchboard_outbound::{Client, Request, Target, sign};
use switchboard_storage::webhook::delivery::{self, Delivery, State};
use switchboard_storage::webhook::{self, Webhook};
use switchboard_wire::notice::{HooksChanged, Notice};
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

/// One task for each server that is told something.
pub(super) struct Senders {
    shared: Arc<Shared>,
    client: Client,
    all: HashMap<WebhookId, Sender>,
    /// Who is told what is to be looked up.
    stale: bool,
}

struct Sender {
    hook: Webhook,
    more: Arc<Notify>,
    running: JoinHandle<()>,
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Senders {
    pub(super) fn new(shared: Arc<Shared>, client: Client) -> Self {
        Self { shared, client, all: HashMap::new(), stale: false }
    }

    /// Ends those of servers that are told nothing more or something else, and begins those that are new.
    pub(super) fn keep(&mut self, hooks: &[Webhook]) {
        self.stale = false;
        // How it does changes by itself, and is no other server for that.
        let same = |a: &Webhook, b: &Webhook| Webhook { failing_since: b.failing_since, ..a.clone() } == *b;
        self.all.retain(|_, sender| {
            !sender.running.is_finished() && hooks.iter().any(|hook| same(hook, &sender.hook))
        });
        for hook in hooks {
            if self.all.contains_key(&hook.id) {
                continue;
            }
            let more = Arc::new(Notify::new());
            let work = Work {
                shared: Arc::clone(&self.shared),
                client: self.client.clone(),
                hook: hook.clone(),
                is_failing: Mutex::new(hook.failing_since.is_some()),
                in_a_row: AtomicU32::new(0),
            };
            let running = tokio::spawn(work.run(Arc::clone(&more)));
            self.all.insert(hook.id.clone(), Sender { hook: hook.clone(), more, running });
        }
    }

    /// There may be something to send.
    pub(super) fn wake(&self) {
        self.all.values().for_each(|sender| sender.more.notify_one());
    }

    pub(super) fn stale(&mut self) {
        self.stale = true;
    }

    pub(super) fn is_stale(&self) -> bool {
        self.stale
    }
}

struct Work {
    shared: Arc<Shared>,
    client: Client,
    hook: Webhook,
    /// Whether it is written down that it does not answer well; held while that is written.
    is_failing: Mutex<bool>,
    /// Attempts that failed one after the other.
    in_a_row: AtomicU32,
}

/// How an attempt went.
struct Went {
    status: Option<StatusCode>,
    took: Duration,
    said: String,
}

impl Work {
    async fn run(self, more: Arc<Notify>) {
        loop {
            match self.round().await {
                Ok(Some(rest)) => {
                    // Whatever comes meanwhile is seen by the next round.
                    let _ = timeout(rest, more.notified()).await;
                    // While nothing is answered well, what comes is no reason to look: a look goes past all that waits.
                    sleep(self.rest()).await;
                }
                Ok(None) => sleep(self.rest()).await,
                Err(error) => {
                    tracing::debug!(?error, "deliveries could not be read or written");
                    sleep(TELL_LOOK_AGAIN).await;
                }
            }
        }
    }

    /// Sends what is due; answers how long there is nothing to do, or nothing when there may be more.
    async fn round(&self) -> Outcome<Option<Duration>> {
        let now = self.shared.clock.now();
        let (due, next) = {
            let mut tx = self.shared.store.read().await?;
            let due = delivery::due(&mut tx, &self.hook.id, now, TELL_ROWS).await?;
            let next =
                if due.is_empty() { delivery::next_due(&mut tx, &self.hook.id, now).await? } else { None };
            (due, next)
        };
        if due.is_empty() {
            // What is due and not first in its lane waits for one that is due later.
            let until = next
                .map_or(TELL_SLEEP, |at| Duration::from_millis(at.saturating_sub(now).max(0).unsigned_abs()));
            return Ok(Some(until.clamp(TELL_LOOK_AGAIN, TELL_SLEEP)));
        }
        let results: Vec<Outcome<()>> =
            stream::iter(due).map(|one| self.one(one)).buffer_unordered(TELL_AT_A_TIME).collect().await;
        results.into_iter().collect::<Outcome<Vec<()>>>().map(|_| None)
    }

    /// Between two rounds: nothing while all is well, longer and longer while nothing is, so that a server that is away is
    /// not asked for every single conversation.
    fn rest(&self) -> Duration {
        let failed = self.in_a_row.load(Ordering::Relaxed);
        let many = u32::try_from(TELL_AT_A_TIME).unwrap_or(u32::MAX);
        if failed < many {
            return Duration::ZERO;
        }
        TELL_REST.saturating_mul(1 << (failed / many).min(8)).min(TELL_REST_LONGEST)
    }

    async fn one(&self, mut one: Delivery) -> Outcome<()> {
        let now = self.shared.clock.now();
        let went = self.send(&one, now).await;
        let well = went.status.is_some_and(|status| status.is_success());
        let result = if well { "delivered" } else { "failed" };
        metrics::counter!(crate::metric::WEBHOOKS, "result" => result).increment(1);
        if well {
            self.in_a_row.store(0, Ordering::Relaxed);
        } else {
            self.in_a_row.fetch_add(1, Ordering::Relaxed);
        }
        let now = self.shared.clock.now();
        one.attempts += 1;
        one.tried_at = Some(now);
        one.status = went.status.map(|status| i64::from(status.as_u16()));
        one.took_ms = i64::try_from(went.took.as_millis()).ok();
        one.said = went.said;
        if well {
            (one.state, one.due_at) = (State::Delivered, None);
            one.body.clear();
        } else {
            let part = u32::try_from(self.shared.rng.u128() % 1_000).unwrap_or_default();
            one.due_at = pause(one.attempts, part).map(|pause| now.saturating_add(pause));
            one.state = if one.due_at.is_some() { State::Waiting } else { State::Failed };
        }
        let gone = went.status == Some(StatusCode::GONE);
        // Of attempts that end together the one that is written last is also the one that is remembered.
        let failing = self.is_failing.lock().await;
        // One that takes everything, but more slowly than it comes, is judged now and then as well.
        let counted = self.shared.rng.u128().is_multiple_of(TELL_COUNTED);
        let judged = (!well || *failing || counted).then_some(failing);
        let is_judged = judged.is_some();
        let id = self.hook.id.clone();
        super::write(&self.shared, |cx| {
            let (id, one) = (id.clone(), one.clone());
            Box::pin(async move {
                // The server's row before its deliveries', as everywhere.
                if is_judged {
                    judge(cx, &id, well, gone).await?;
                }
                Ok(delivery::tried(&mut cx.tx, &one).await?)
            })
        })
        .await?;
        if let Some(mut failing) = judged {
            *failing = !well;
        }
        Ok(())
    }

    async fn send(&self, one: &Delivery, now: Millis) -> Went {
        let began = Instant::now();
        let answer = async {
            let target: Target = self.hook.url.parse()?;
            let request = self.request(one, now);
            self.client.send(&target, request).await
        };
        let (status, said) = match answer.await {
            Ok(answer) if answer.status.is_redirection() => (
                Some(answer.status),
                "redirects are not followed: give the address that it leads to".to_owned(),
            ),
            Ok(answer) => (Some(answer.status), String::from_utf8_lossy(&answer.body).into_owned()),
            Err(failure) => (None, failure.to_string()),
        };
        Went { status, took: began.elapsed(), said: cut(&said, TELL_SAID_CHARS) }
    }

    fn request(&self, one: &Delivery, now: Millis) -> Request {
        let timestamp = now.div_euclid(1_000);
        let id = one.event_id.as_str();
        let signed = sign::signatures(&self.hook.secrets(now), id, timestamp, one.body.as_bytes());
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let signing =
            [(sign::ID, id.to_owned()), (sign::TIMESTAMP, timestamp.to_string()), (sign::SIGNATURE, signed)];
        for (name, value) in signing {
            // Ids, numbers and base64 are always values of headers.
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        let body = Bytes::copy_from_slice(one.body.as_bytes());
        Request { method: Method::POST, headers, body, within: TELL_DEADLINE }
    }
}

/// Writes down since when a server does not answer well, and tells it nothing more when that is too long, when too much
/// waits for it, or when it says that it is gone.
async fn judge(cx: &mut Cx, id: &WebhookId, well: bool, gone: bool) -> Outcome<()> {
    let Some(mut hook) = webhook::lock(&mut cx.tx, id).await? else { return Ok(()) };
    let before = hook.clone();
    hook.failing_since = if well { None } else { hook.failing_since.or(Some(cx.now)) };
    let long = hook.failing_since.is_some_and(|since| cx.now - since > GIVE_UP_MS);
    let why = match () {
        () if !hook.active => None,
        () if gone => Some("it answered 410 Gone".to_owned()),
        () if long => Some("it has not answered well for 5 days".to_owned()),
        // Counted seldom: with the first failure, and then with one of many. What has gathered while it was away is no
        // reason to stop one that takes it now.
        () if before.failing_since.is_none() || cx.shared.rng.u128().is_multiple_of(TELL_COUNTED) => {
            let most = if well { TELL_WAITING * 2 } else { TELL_WAITING };
            let too_many = delivery::is_more_waiting(&mut cx.tx, id, most).await?;
            too_many.then(|| format!("more than {most} deliveries wait for it"))
        }
        () => None,
    };
    if let Some(why) = why {
        hook.active = false;
        hook.stopped = Some(why.clone());
        tracing::warn!(webhook = hook.name, why, "a web hook is told nothing more");
        let report = Report::new("webhook.stopped").detail(serde_json::json!({ "reason": why }));
        report.about("webhook", Some(hook.id.as_str()), &hook.name).write(cx).await?;
        cx.tell(Notice::Hooks(HooksChanged {}));
    }
    if hook != before {
        webhook::update(&mut cx.tx, &hook).await?;
    }
    Ok(())
}
