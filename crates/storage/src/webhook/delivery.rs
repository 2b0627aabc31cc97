//! What servers outside are told: a row for each of them and each event, from the commit in which it is noted until it has
//! been kept for a while.

use crate::error::{Error, Result};
use crate::limits;
use crate::many;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use std::collections::HashSet;
use switchboard_domain::webhook::EventKind;
use switchboard_domain::{EntryId, Millis, WebhookId};

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is tried, at [`Delivery::due_at`].
    Waiting,
    /// The server has taken it.
    Delivered,
    /// It was given up.
    Failed,
}

impl State {
    /// The name in the API and in the tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

impl std::str::FromStr for State {
    type Err = ();
    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        [Self::Waiting, Self::Delivered, Self::Failed].into_iter().find(|s| s.as_str() == text).ok_or(())
    }
}

/// A delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// To whom.
    pub webhook: WebhookId,
    /// The event's id, the same for all servers and however often it is sent: of an entry, the entry's.
    pub event_id: EntryId,
    /// What it is.
    pub event: EventKind,
    /// What is told in order: the id of a conversation, a visitor, or the event itself.
    pub lane: String,
    /// Its place there.
    pub seq: i64,
    /// How it stands.
    pub state: State,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried; none while it is held, and when it is done.
    pub due_at: Option<Millis>,
    /// When it was noted.
    pub created_at: Millis,
    /// When it was last tried.
    pub tried_at: Option<Millis>,
    /// The status of the last answer, if there was one.
    pub status: Option<i64>,
    /// How long that took, in milliseconds.
    pub took_ms: Option<i64>,
    /// What was answered or went wrong, shortened.
    pub said: String,
    /// What is sent; nothing once it is delivered.
    pub body: String,
}

const WIDTH: usize = 14;

macro_rules! columns {
    () => {
        "webhook_id, event_id, event, lane, seq, state, attempts, due_at, created_at, tried_at, status, took_ms, said, \
         body"
    };
}

fn read(row: &mut Row<'_>) -> Result<Delivery> {
    let (webhook, event_id) = (row.parse()?, row.parse()?);
    let event = row.str()?;
    let event = event.parse().map_err(|()| Error::spoilt("event", event))?;
    let (lane, seq) = (row.text()?, row.int()?);
    let state = row.str()?;
    Ok(Delivery {
        webhook,
        event_id,
        event,
        lane,
        seq,
        state: state.parse().map_err(|()| Error::spoilt("state", state))?,
        attempts: row.int()?,
        due_at: row.maybe_int()?,
        created_at: row.int()?,
        tried_at: row.maybe_int()?,
        status: row.maybe_int()?,
        took_ms: row.maybe_int()?,
        said: row.text()?,
        body: row.text()?,
    })
}

/// Notes what is to be told.
///
/// # Errors
/// [`Error::Conflict`] with [`crate::Unique::Primary`] when one of them is noted already.
pub async fn insert(tx: &mut Tx, deliveries: &[Delivery]) -> Result<()> {
    for piece in many::pieces_within(deliveries, limits::STATEMENT_BYTES, |delivery| delivery.body.len()) {
        let values: Vec<Value<'_>> = piece.iter().flat_map(values).collect();
        let tuples = many::tuples(piece.len(), WIDTH);
        let sql = format!(concat!("INSERT INTO webhook_deliveries (", columns!(), ") VALUES {}"), tuples);
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    Ok(())
}

fn values(d: &Delivery) -> [Value<'_>; WIDTH] {
    [
        (&d.webhook).into(),
        (&d.event_id).into(),
        d.event.as_str().into(),
        (&d.lane).into(),
        d.seq.into(),
        d.state.as_str().into(),
        d.attempts.into(),
        d.due_at.into(),
        d.created_at.into(),
        d.tried_at.into(),
        d.status.into(),
        d.took_ms.into(),
        (&d.said).into(),
        (&d.body).into(),
    ]
}

/// Which of these events are noted already, and for whom.
pub async fn known(tx: &mut Tx, events: &[EntryId]) -> Result<HashSet<(WebhookId, EntryId)>> {
    let mut found = HashSet::new();
    let hooks: Vec<WebhookId> = tx.list("SELECT id FROM webhooks", &[], |row| row.parse()).await?;
    for hook in &hooks {
        for chunk in events.chunks(limits::KEYS) {
            let mut keys: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
            let places = many::places(many::pad(&mut keys, 1));
            keys.insert(0, hook.into());
            let sql = format!(
                "SELECT event_id FROM webhook_deliveries WHERE webhook_id = ? AND event_id IN ({places})"
            );
            let ids: Vec<EntryId> = tx.list(AssertSqlSafe(sql), &keys, |row| row.parse()).await?;
            found.extend(ids.into_iter().map(|id| (hook.clone(), id)));
        }
    }
    Ok(found)
}

/// What is due at a server, of each lane the first that waits, those that wait longest first.
pub async fn due(tx: &mut Tx, webhook: &WebhookId, now: Millis, limit: i64) -> Result<Vec<Delivery>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM webhook_deliveries d WHERE webhook_id = ? AND state = 'waiting' AND due_at <= ? AND NOT EXISTS \
         (SELECT 1 FROM webhook_deliveries e WHERE e.lane = d.lane AND e.webhook_id = d.webhook_id \
         AND e.state = 'waiting' AND (e.seq < d.seq OR (e.seq = d.seq AND e.event_id < d.event_id))) \
         ORDER BY due_at, event_id LIMIT ?"
    );
    tx.list(sql, args![webhook, now, limit], read).await
}

/// When something is due there next, after `now`: what is due and waits behind something else is left out.
pub async fn next_due(tx: &mut Tx, webhook: &WebhookId, now: Millis) -> Result<Option<Millis>> {
    let sql = "SELECT MIN(due_at) FROM webhook_deliveries WHERE webhook_id = ? AND state = 'waiting' AND due_at > ?";
    Ok(tx.first(sql, args![webhook, now], |row| row.maybe_int()).await?.flatten())
}

/// What is held at a server until its lane is noted up to it: the lane and the event.
pub async fn held(tx: &mut Tx, webhook: &WebhookId, limit: i64) -> Result<Vec<(String, EntryId)>> {
    let sql = "SELECT lane, event_id FROM webhook_deliveries WHERE webhook_id = ? AND state = 'waiting' \
               AND due_at IS NULL ORDER BY event_id LIMIT ?";
    tx.list(sql, args![webhook, limit], |row| Ok((row.text()?, row.parse()?))).await
}

/// Lets go what was held.
pub async fn release(tx: &mut Tx, webhook: &WebhookId, event: &EntryId, now: Millis) -> Result<()> {
    let sql = "UPDATE webhook_deliveries SET due_at = ? WHERE webhook_id = ? AND event_id = ? \
               AND state = 'waiting' AND due_at IS NULL";
    tx.exec(sql, args![now, webhook, event]).await.map(drop)
}

/// Writes how an attempt went, unless the delivery is gone or done meanwhile.
pub async fn tried(tx: &mut Tx, d: &Delivery) -> Result<()> {
    let sql = "UPDATE webhook_deliveries SET state = ?, attempts = ?, due_at = ?, tried_at = ?, status = ?, took_ms = ?, \
               said = ?, body = ? WHERE webhook_id = ? AND event_id = ? AND state = 'waiting'";
    let values = args![
        d.state.as_str(),
        d.attempts,
        d.due_at,
        d.tried_at,
        d.status,
        d.took_ms,
        &d.said,
        &d.body,
        &d.webhook,
        &d.event_id
    ];
    tx.exec(sql, values).await.map(drop)
}

/// A server's deliveries, newest first, from the one before `before`; of one state, or all.
pub async fn list(
    tx: &mut Tx,
    webhook: &WebhookId,
    state: Option<State>,
    before: Option<&EntryId>,
    limit: i64,
) -> Result<Vec<Delivery>> {
    // Behind every character of an id.
    let before = before.map_or("~", EntryId::as_str);
    let (of, state) = state.map_or((" AND state <> ?", ""), |state| (" AND state = ?", state.as_str()));
    let sql = format!(
        concat!(
            "SELECT ",
            columns!(),
            " FROM webhook_deliveries WHERE webhook_id = ? AND event_id < ?{} ORDER BY event_id DESC LIMIT ?"
        ),
        of
    );
    tx.list(AssertSqlSafe(sql), args![webhook, before, state, limit], read).await
}

/// Tries one event again that was given up; answers whether it was.
pub async fn replay(tx: &mut Tx, webhook: &WebhookId, event: &EntryId, now: Millis) -> Result<bool> {
    let sql = "UPDATE webhook_deliveries SET state = 'waiting', attempts = 0, due_at = ? WHERE webhook_id = ? \
               AND state = 'failed' AND event_id = ?";
    Ok(tx.exec(sql, args![now, webhook, event]).await? > 0)
}

/// Tries again what was given up, of the `limit` first events behind `after`; answers how many that are, and the last of them
/// when there may be more.
pub async fn replay_some(
    tx: &mut Tx,
    webhook: &WebhookId,
    after: Option<&EntryId>,
    now: Millis,
    limit: i64,
) -> Result<(u64, Option<EntryId>)> {
    let after = after.map_or("", EntryId::as_str);
    let sql = "SELECT event_id FROM webhook_deliveries WHERE webhook_id = ? AND state = 'failed' AND event_id > ? \
               ORDER BY event_id LIMIT ?";
    let found: Vec<EntryId> = tx.list(sql, args![webhook, after, limit], |row| row.parse()).await?;
    let Some(last) = found.last() else { return Ok((0, None)) };
    let sql = "UPDATE webhook_deliveries SET state = 'waiting', attempts = 0, due_at = ? WHERE webhook_id = ? \
               AND state = 'failed' AND event_id > ? AND event_id <= ?";
    let count = tx.exec(sql, args![now, webhook, after, last]).await?;
    let is_full = i64::try_from(found.len()).is_ok_and(|len| len >= limit);
    Ok((count, is_full.then(|| last.clone())))
}

/// How many of a server's deliveries wait, and how many were given up.
pub async fn counts(tx: &mut Tx, webhook: &WebhookId) -> Result<(i64, i64)> {
    let sql = "SELECT (SELECT COUNT(*) FROM webhook_deliveries WHERE webhook_id = ? AND state = 'waiting'), \
               (SELECT COUNT(*) FROM webhook_deliveries WHERE webhook_id = ? AND state = 'failed')";
    let found = tx.first(sql, args![webhook, webhook], |row| Ok((row.int()?, row.int()?))).await?;
    Ok(found.unwrap_or_default())
}

/// Whether more than `most` wait at a server; it is counted so far and no further.
pub async fn is_more_waiting(tx: &mut Tx, webhook: &WebhookId, most: i64) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM (SELECT event_id FROM webhook_deliveries WHERE webhook_id = ? AND state = 'waiting' \
               LIMIT ?) w";
    let limit = most.saturating_add(1);
    Ok(tx.first(sql, args![webhook, limit], |row| row.int()).await?.unwrap_or_default() > most)
}

/// What was told or is to be told of one visitor is of another one from now on, and is erased with that one.
pub async fn move_lane(tx: &mut Tx, from: &str, to: &str) -> Result<()> {
    tx.exec("UPDATE webhook_deliveries SET lane = ? WHERE lane = ?", args![to, from]).await.map(drop)
}

/// Forgets what was to be told of a conversation or visitor.
pub async fn erase(tx: &mut Tx, lane: &str) -> Result<()> {
    tx.exec("DELETE FROM webhook_deliveries WHERE lane = ?", args![lane]).await.map(drop)
}

/// Forgets what was noted before a time and waits no more, or for nobody, at most `limit`; answers how many that were.
pub async fn sweep(tx: &mut Tx, before: Millis, limit: i64) -> Result<usize> {
    let sql = "SELECT webhook_id, event_id FROM webhook_deliveries WHERE created_at < ? AND (state <> 'waiting' \
               OR webhook_id NOT IN (SELECT id FROM webhooks WHERE active = 1)) ORDER BY created_at LIMIT ?";
    let old: Vec<(WebhookId, EntryId)> =
        tx.list(sql, args![before, limit], |row| Ok((row.parse()?, row.parse()?))).await?;
    for (webhook, event) in &old {
        let sql = "DELETE FROM webhook_deliveries WHERE webhook_id = ? AND event_id = ?";
        tx.exec(sql, args![webhook, event]).await?;
    }
    Ok(old.len())
}
