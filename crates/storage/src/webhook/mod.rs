//! Servers outside that are told what happens.

pub mod delivery;

use crate::error::Result;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::args;
use switchboard_domain::webhook::EventKind;
use switchboard_domain::{Millis, WebhookId};

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id; later ones sort behind.
    pub id: WebhookId,
    /// What people read.
    pub name: String,
    /// Where it is told.
    pub url: String,
    /// What it is told.
    pub events: Vec<EventKind>,
    /// What requests are signed with.
    pub secret: String,
    /// The one before.
    pub old_secret: Option<String>,
    /// Until when requests are signed with that one as well.
    pub old_until: Millis,
    /// Whether it is told anything.
    pub active: bool,
    /// What happened before is not told.
    pub since: Millis,
    /// Since when it has not answered well.
    pub failing_since: Option<Millis>,
    /// Why Switchboard tells it nothing any more.
    pub stopped: Option<String>,
    /// When it was added.
    pub created_at: Millis,
}

impl Webhook {
    /// Whether it is to be told this.
    pub fn wants(&self, kind: EventKind, at: Millis) -> bool {
        self.active && at >= self.since && self.events.contains(&kind)
    }

    /// What requests are signed with at this time, the newest first.
    pub fn secrets(&self, now: Millis) -> Vec<String> {
        let old = self.old_secret.iter().filter(|_| now < self.old_until);
        std::iter::once(&self.secret).chain(old).cloned().collect()
    }
}

macro_rules! columns {
    () => {
        "id, name, url, events, secret, old_secret, old_until, active, since, failing_since, stopped, created_at"
    };
}

fn read(row: &mut Row<'_>) -> Result<Webhook> {
    let (id, name, url) = (row.parse()?, row.text()?, row.text()?);
    Ok(Webhook {
        id,
        name,
        url,
        // What another version knows is passed over.
        events: row.str()?.split(' ').filter_map(|name| name.parse().ok()).collect(),
        secret: row.text()?,
        old_secret: row.maybe_text()?,
        old_until: row.int()?,
        active: row.flag()?,
        since: row.int()?,
        failing_since: row.maybe_int()?,
        stopped: row.maybe_text()?,
        created_at: row.int()?,
    })
}

fn names(events: &[EventKind]) -> String {
    events.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" ")
}

/// The one of this id.
pub async fn get(tx: &mut Tx, id: &WebhookId) -> Result<Option<Webhook>> {
    tx.first(concat!("SELECT ", columns!(), " FROM webhooks WHERE id = ?"), args![id], read).await
}

/// The one of this id, whose row nobody else changes before the commit.
pub async fn lock(tx: &mut Tx, id: &WebhookId) -> Result<Option<Webhook>> {
    let sql = format!(concat!("SELECT ", columns!(), " FROM webhooks WHERE id = ?{}"), tx.dialect().update());
    tx.first(sqlx::AssertSqlSafe(sql), args![id], read).await
}

/// All of them in the order in which they were added, at most `limit`.
pub async fn list(tx: &mut Tx, limit: i64) -> Result<Vec<Webhook>> {
    tx.list(concat!("SELECT ", columns!(), " FROM webhooks ORDER BY id LIMIT ?"), args![limit], read).await
}

/// How many there are.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    Ok(tx.first("SELECT COUNT(*) FROM webhooks", &[], |row| row.int()).await?.unwrap_or_default())
}

/// Adds one.
pub async fn insert(tx: &mut Tx, w: &Webhook) -> Result<()> {
    let sql = concat!("INSERT INTO webhooks (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    let events = names(&w.events);
    let values = args![
        &w.id,
        &w.name,
        &w.url,
        &events,
        &w.secret,
        &w.old_secret,
        w.old_until,
        w.active,
        w.since,
        w.failing_since,
        &w.stopped,
        w.created_at
    ];
    tx.exec(sql, values).await.map(drop)
}

/// Writes one that is locked.
pub async fn update(tx: &mut Tx, w: &Webhook) -> Result<()> {
    let sql = "UPDATE webhooks SET name = ?, url = ?, events = ?, secret = ?, old_secret = ?, old_until = ?, active = ?, \
               since = ?, failing_since = ?, stopped = ? WHERE id = ?";
    let events = names(&w.events);
    let values = args![
        &w.name,
        &w.url,
        &events,
        &w.secret,
        &w.old_secret,
        w.old_until,
        w.active,
        w.since,
        w.failing_since,
        &w.stopped,
        &w.id
    ];
    tx.exec(sql, values).await.map(drop)
}

/// Deletes one, and what it was to be told.
pub async fn delete(tx: &mut Tx, id: &WebhookId) -> Result<()> {
    tx.exec("DELETE FROM webhook_deliveries WHERE webhook_id = ?", args![id]).await?;
    tx.exec("DELETE FROM webhooks WHERE id = ?", args![id]).await.map(drop)
}
