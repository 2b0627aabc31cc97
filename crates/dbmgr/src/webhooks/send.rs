//! Sending what is due, a task for each server.

use crate::audit::{Report, cut};
use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits::{
    TELL_AT_A_TIME, TELL_COUNTED, TELL_DEADLINE, TELL_LOOK_AGAIN, TELL_QUIET, TELL_REST, TELL_REST_LONGEST,
    TELL_ROWS, TELL_SAID_CHARS, TELL_SLEEP,
};
use crate::shared::Shared;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex as Held, PoisonError};
use std::time::{Duration, UNIX_EPOCH};
use switchboard_domain::webhook::{GIVE_UP_MS, pause, pause_as_told};
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
                quiet_until: Held::new(None),
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
    /// It has said that it is told too much, and until when.
    quiet_until: Held<Option<Instant>>,
}

/// How an attempt went.
struct Went {
    status: Option<StatusCode>,
    took: Duration,
    said: String,
    /// When it wants to be asked again, in milliseconds from now.
    told: Option<Millis>,
}

impl Work {
    async fn run(self, more: Arc<Notify>) {
        let mut failures = 0_u32;
        loop {
            let went = self.round().await;
            failures = if went.is_ok() { 0 } else { failures.wrapping_add(1) };
            match went {
                Ok(Some(rest)) => {
                    // Whatever comes meanwhile is seen by the next round.
                    let _ = timeout(rest, more.notified()).await;
                    // While nothing is answered well, what comes is no reason to look: a look goes past all that waits.
                    sleep(self.rest()).await;
                }
                Ok(None) => sleep(self.rest()).await,
                Err(error) => {
                    if super::is_said(failures) {
                        let webhook = &self.hook.name;
                        tracing::warn!(
                            webhook,
                            ?error,
                            times = failures,
                            "deliveries cannot be read or written"
                        );
                    }
                    sleep(TELL_LOOK_AGAIN).await;
                }
            }
        }
    }

    /// Sends what is due; answers how long there is nothing to do, or nothing when there may be more.
    async fn round(&self) -> Outcome<Option<Duration>> {
        if let Some(quiet) = self.quiet() {
            return Ok(Some(quiet));
        }
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

    /// How long it is still to be left alone, if it is.
    fn quiet(&self) -> Option<Duration> {
        let until = *self.quiet_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.map(|until| until.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero())
    }

    /// What it answered may ask to be left alone: 429 and 503 mean all of us, not this delivery alone.
    fn hush(&self, went: &Went) {
        let all = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
        let Some(told) = went.told.filter(|_| went.status.is_some_and(|status| all.contains(&status))) else {
            return;
        };
        let quiet = Duration::from_millis(told.max(0).unsigned_abs()).min(TELL_QUIET);
        *self.quiet_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + quiet);
    }

    async fn one(&self, mut one: Delivery) -> Outcome<()> {
        if self.quiet().is_some() {
            // Another one of this round was told to wait; this one is due still.
            return Ok(());
        }
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
        one.said.clone_from(&went.said);
        if well {
            (one.state, one.due_at) = (State::Delivered, None);
            one.body.clear();
        } else {
            let part = u32::try_from(self.shared.rng.u128() % 1_000).unwrap_or_default();
            let ours = pause(one.attempts, part);
            one.due_at = ours.map(|ours| now.saturating_add(pause_as_told(ours, went.told)));
            self.hush(&went);
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
        let (status, said, told) = match answer.await {
            Ok(answer) if answer.status.is_redirection() => (
                Some(answer.status),
                "redirects are not followed: give the address that it leads to".to_owned(),
                None,
            ),
            Ok(answer) => {
                let told = retry_after(&answer.headers, self.shared.clock.now());
                (Some(answer.status), String::from_utf8_lossy(&answer.body).into_owned(), told)
            }
            Err(failure) => (None, failure.to_string(), None),
        };
        Went { status, took: began.elapsed(), said: cut(&said, TELL_SAID_CHARS), told }
    }

    fn request(&self, one: &Delivery, now: Millis) -> Request {
        let headers = signed(&self.hook, one.event_id.as_str(), one.body.as_bytes(), now);
        let body = Bytes::copy_from_slice(one.body.as_bytes());
        Request { method: Method::POST, headers, body, within: TELL_DEADLINE }
    }
}

/// `Retry-After` (RFC 9110, 10.2.3), in seconds or as a date, as milliseconds from now.
fn retry_after(headers: &HeaderMap, now: Millis) -> Option<Millis> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(i64::from(seconds) * 1_000);
    }
    let at = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(i64::try_from(at.as_millis()).ok()?.saturating_sub(now).max(0))
}

/// The headers of a JSON body with the id that makes it known when it comes again, signed with every secret that is good.
pub(crate) fn signed(hook: &Webhook, id: &str, body: &[u8], now: Millis) -> HeaderMap {
    let timestamp = now.div_euclid(1_000);
    let signed = sign::signatures(&hook.secrets(now), id, timestamp, body);
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
    headers
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
            let most = most(cx, well);
            let too_many = delivery::is_more_waiting(&mut cx.tx, id, most).await?;
            too_many.then(|| self::too_many(most))
        }
        () => None,
    };
    if let Some(why) = why {
        stop(cx, &mut hook, why).await?;
    }
    if hook != before {
        webhook::update(&mut cx.tx, &hook).await?;
    }
    Ok(())
}

/// How many may wait for a server; one that takes them is given time to catch up.
fn most(cx: &Cx, well: bool) -> i64 {
    if well { cx.shared.tell_waiting.saturating_mul(2) } else { cx.shared.tell_waiting }
}

/// What is said of a server for which too much waits.
fn too_many(most: i64) -> String {
    format!("more than {most} deliveries wait for it")
}

/// Marks a server as told nothing more, and why; the caller writes it.
async fn stop(cx: &mut Cx, hook: &mut Webhook, why: String) -> Outcome<()> {
    hook.active = false;
    hook.stopped = Some(why.clone());
    tracing::warn!(webhook = hook.name, why, "a web hook is told nothing more");
    let report = Report::new("webhook.stopped").detail(serde_json::json!({ "reason": why }));
    report.about("webhook", Some(hook.id.as_str()), &hook.name).write(cx).await?;
    cx.tell(Notice::Hooks(HooksChanged {}));
    Ok(())
}

/// Counts what waits for a server, and tells it nothing more when that is too much and has not become less since it was
/// `before`: one that is activated again with a full queue has time to empty it. Answers how much waits.
pub(super) async fn count(cx: &mut Cx, id: &WebhookId, before: Option<i64>) -> Outcome<i64> {
    let Some(mut hook) = webhook::lock(&mut cx.tx, id).await? else { return Ok(0) };
    let (waiting, _) = delivery::counts(&mut cx.tx, id).await?;
    let most = most(cx, hook.failing_since.is_none());
    if hook.active && waiting > most && before.is_some_and(|before| waiting >= before) {
        stop(cx, &mut hook, too_many(most)).await?;
        webhook::update(&mut cx.tx, &hook).await?;
    }
    Ok(waiting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_to_come_again_is_said_in_seconds_or_as_a_date() {
        let told = |text: &str, now| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, HeaderValue::from_str(text).unwrap());
            retry_after(&headers, now)
        };
        assert_eq!(told("120", 0), Some(120_000));
        assert_eq!(told(" 0 ", 0), Some(0));
        assert_eq!(told("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777_000 - 5_000), Some(5_000));
        assert_eq!(told("Sun, 06 Nov 1994 08:49:37 GMT", 1_800_000_000_000), Some(0), "it is over");
        for bad in ["", "soon", "-1", "1.5", "99999999999999999999"] {
            assert_eq!(told(bad, 0), None, "{bad}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), 0), None);
    }
}
