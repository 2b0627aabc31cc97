//! Noting what has no entry, in the transaction in which it happens.

use super::body;
use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits::WEBHOOKS;
use serde_json::Value;
use switchboard_domain::EntryId;
use switchboard_domain::webhook::EventKind;
use switchboard_storage::webhook::delivery::{self, Delivery, State};
use switchboard_storage::webhook::{self, Webhook};
use switchboard_wire::notice::{DeliveriesQueued, Notice};

/// Something happened that is no entry: in a conversation whose log ends at `seq`, or with a visitor. Whoever wants to
/// know is told, after everything that came before it there.
pub(crate) async fn happened(
    cx: &mut Cx,
    kind: EventKind,
    lane: &str,
    seq: i64,
    data: &Value,
) -> Outcome<()> {
    let hooks = webhook::list(&mut cx.tx, WEBHOOKS).await?;
    let wanted = hooks.iter().filter(|hook| hook.wants(kind, cx.now));
    let id = EntryId::timed(cx.now, cx.shared.rng.as_ref());
    let body = body::of(kind, cx.now, data);
    let all: Vec<Delivery> = wanted.map(|hook| held(hook, (kind, &id), (lane, seq), &body, cx.now)).collect();
    queue(cx, all).await
}

/// Sends something of a conversation whose log ends at `seq` to one server, whatever it has chosen: a rule that notifies
/// says so with this. It is told after what came before it there, and erased with it.
pub(crate) async fn tell(
    cx: &mut Cx,
    hook: &Webhook,
    kind: EventKind,
    place: (&str, i64),
    data: &Value,
) -> Outcome<()> {
    let id = EntryId::timed(cx.now, cx.shared.rng.as_ref());
    let body = body::of(kind, cx.now, data);
    let one = held(hook, (kind, &id), place, &body, cx.now);
    queue(cx, vec![one]).await
}

/// Sends something to one server, whatever it has chosen, and answers the event's id.
pub(crate) async fn send_to(cx: &mut Cx, hook: &Webhook, kind: EventKind, data: &Value) -> Outcome<EntryId> {
    let id = EntryId::timed(cx.now, cx.shared.rng.as_ref());
    let body = body::of(kind, cx.now, data);
    let one = held(hook, (kind, &id), (id.as_str(), 0), &body, cx.now);
    queue(cx, vec![one]).await?;
    Ok(id)
}

fn held(
    hook: &Webhook,
    (event, id): (EventKind, &EntryId),
    (lane, seq): (&str, i64),
    body: &str,
    now: i64,
) -> Delivery {
    Delivery {
        webhook: hook.id.clone(),
        event_id: id.clone(),
        event,
        lane: lane.into(),
        seq,
        state: State::Waiting,
        attempts: 0,
        due_at: None,
        created_at: now,
        tried_at: None,
        status: None,
        took_ms: None,
        said: String::new(),
        body: body.into(),
    }
}

async fn queue(cx: &mut Cx, all: Vec<Delivery>) -> Outcome<()> {
    if all.is_empty() {
        return Ok(());
    }
    delivery::insert(&mut cx.tx, &all).await?;
    cx.tell(Notice::Deliveries(DeliveriesQueued {}));
    Ok(())
}
