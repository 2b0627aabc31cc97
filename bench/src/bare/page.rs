//! What a page of a log and a page of a list need of our tables: one statement each, and the JSON that ours answers.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::mysql::{MySqlConnection, MySqlRow};
use sqlx::{Row as _, SqlSafeStr};

use crate::driver::Shelf;

/// The log, from its end.
const HISTORY: &str = "SELECT seq, id, at, kind, author_kind, author_id, author_name, body, client_msg_id \
    FROM entries WHERE conversation_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?";

/// What is shown of a conversation in a list.
const SHOWN: &str = "c.id, c.status, c.owner_kind, c.owner_id, c.owner_name, c.fence, c.head, c.head_id, \
    c.visitor_id, c.visitor_name, c.visitor_email, c.tags, c.channel, c.created_at, c.updated_at, c.preview, \
    c.inbound - COALESCE(r.inbound, 0) AS unread, c.waiting_since";

const JOINED: &str =
    "conversations c LEFT JOIN read_positions r ON r.conversation_id = c.id AND r.side = 'staff'";

/// A row of a log.
#[derive(Debug)]
pub struct Entry {
    seq: i64,
    id: String,
    at: i64,
    kind: String,
    author_kind: String,
    author_id: Option<String>,
    author_name: String,
    body: String,
    client_msg_id: Option<String>,
}

/// A row of a list.
#[derive(Debug)]
pub struct Row {
    /// The conversation.
    pub id: String,
    status: String,
    owner_kind: String,
    owner_id: Option<String>,
    owner_name: Option<String>,
    fence: i64,
    head: i64,
    head_id: Option<String>,
    visitor_id: String,
    visitor_name: String,
    visitor_email: Option<String>,
    tags: String,
    channel: String,
    created_at: i64,
    /// When its last entry was written, in milliseconds.
    pub updated_at: i64,
    preview: String,
    unread: i64,
    waiting_since: Option<i64>,
}

/// The last `limit` entries before `before`, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn history(
    connection: &mut MySqlConnection,
    conversation: &str,
    before: i64,
    limit: usize,
) -> sqlx::Result<Vec<Entry>> {
    let query = sqlx::query(HISTORY).bind(conversation).bind(before).bind(limit as i64);
    query.fetch_all(connection).await?.iter().map(Entry::read).collect()
}

/// A page of a list with all that is shown.
#[must_use]
pub fn inbox(shelf: Shelf) -> String {
    format!("SELECT {SHOWN} FROM {JOINED} {}", wanted(shelf))
}

/// A page of a list out of its index alone: which conversations, and when they were last active.
#[must_use]
pub fn seek(shelf: Shelf) -> String {
    format!("SELECT c.id, c.updated_at FROM conversations c {}", wanted(shelf))
}

fn wanted(shelf: Shelf) -> String {
    let of = match shelf {
        Shelf::Own => "c.status = 'open' AND c.owner_kind = 'agent' AND c.owner_id = ?",
        Shelf::Queue => "c.status = 'open' AND c.owner_kind = 'queue' AND c.owner_id = ?",
        Shelf::Resolved => "c.status = 'resolved' AND c.team_id IS NULL",
    };
    format!("WHERE {of} ORDER BY c.updated_at DESC, c.id DESC LIMIT ?")
}

/// Runs [`inbox`] or [`seek`]; `owner` is whose own ones are wanted.
///
/// # Errors
/// When the database is away.
pub async fn list<T>(
    connection: &mut MySqlConnection,
    sql: impl SqlSafeStr,
    shelf: Shelf,
    owner: &str,
    limit: usize,
    read: fn(&MySqlRow) -> sqlx::Result<T>,
) -> sqlx::Result<Vec<T>> {
    let query = sqlx::query(sql);
    let query = match shelf {
        Shelf::Own => query.bind(owner.to_owned()),
        Shelf::Queue => query.bind(String::new()),
        Shelf::Resolved => query,
    };
    query.bind(limit as i64).fetch_all(connection).await?.iter().map(read).collect()
}

impl Entry {
    fn read(row: &MySqlRow) -> sqlx::Result<Self> {
        Ok(Self {
            seq: row.try_get(0)?,
            id: row.try_get(1)?,
            at: row.try_get(2)?,
            kind: row.try_get(3)?,
            author_kind: row.try_get(4)?,
            author_id: row.try_get(5)?,
            author_name: row.try_get(6)?,
            body: row.try_get(7)?,
            client_msg_id: row.try_get(8)?,
        })
    }
}

impl Row {
    /// Reads what [`inbox`] gives.
    ///
    /// # Errors
    /// When the columns are others.
    pub fn read(row: &MySqlRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get(0)?,
            status: row.try_get(1)?,
            owner_kind: row.try_get(2)?,
            owner_id: row.try_get(3)?,
            owner_name: row.try_get(4)?,
            fence: row.try_get(5)?,
            head: row.try_get(6)?,
            head_id: row.try_get(7)?,
            visitor_id: row.try_get(8)?,
            visitor_name: row.try_get(9)?,
            visitor_email: row.try_get(10)?,
            tags: row.try_get(11)?,
            channel: row.try_get(12)?,
            created_at: row.try_get(13)?,
            updated_at: row.try_get(14)?,
            preview: row.try_get(15)?,
            unread: row.try_get(16)?,
            waiting_since: row.try_get(17)?,
        })
    }
}

/// Reads what [`seek`] gives.
///
/// # Errors
/// When the columns are others.
pub fn found(row: &MySqlRow) -> sqlx::Result<(String, i64)> {
    Ok((row.try_get(0)?, row.try_get(1)?))
}

#[derive(Serialize)]
struct Party<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

/// An entry as it is shown.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    conversation: &'a str,
    pub(super) seq: i64,
    id: &'a str,
    at: String,
    kind: &'a str,
    author: Party<'a>,
    body: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_msg_id: Option<&'a str>,
}

impl<'a> Line<'a> {
    pub(super) fn of(conversation: &'a str, row: &'a Entry) -> anyhow::Result<Self> {
        Ok(Self {
            conversation,
            seq: row.seq,
            id: &row.id,
            at: rfc3339(row.at)?,
            kind: &row.kind,
            author: Party {
                kind: &row.author_kind,
                id: row.author_id.as_deref(),
                name: Some(&row.author_name),
            },
            body: serde_json::from_str(&row.body)?,
            client_msg_id: row.client_msg_id.as_deref(),
        })
    }
}

/// A conversation as it is shown in a list.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    id: &'a str,
    status: &'a str,
    owner: Party<'a>,
    fence: i64,
    head: i64,
    head_id: Option<&'a str>,
    visitor: Visitor<'a>,
    tags: &'a RawValue,
    /// Nobody has said anything else of these.
    priority: &'static str,
    channel: &'a str,
    created_at: String,
    updated_at: String,
    preview: &'a str,
    unread: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting_since: Option<String>,
}

#[derive(Serialize)]
struct Visitor<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    /// Lists say of nobody that the host site vouches for them.
    verified: bool,
}

impl Row {
    pub(super) fn shown(&self) -> anyhow::Result<Shown<'_>> {
        let name = Some(self.visitor_name.as_str()).filter(|name| !name.is_empty());
        // For the queue the column holds the team.
        let id = self.owner_id.as_deref().filter(|_| self.owner_kind != "queue");
        Ok(Shown {
            id: &self.id,
            status: &self.status,
            owner: Party { kind: &self.owner_kind, id, name: self.owner_name.as_deref() },
            fence: self.fence,
            head: self.head,
            head_id: self.head_id.as_deref(),
            visitor: Visitor {
                id: &self.visitor_id,
                name,
                email: self.visitor_email.as_deref(),
                verified: false,
            },
            tags: serde_json::from_str(&self.tags)?,
            priority: "normal",
            channel: &self.channel,
            created_at: rfc3339(self.created_at)?,
            updated_at: rfc3339(self.updated_at)?,
            preview: &self.preview,
            unread: self.unread.max(0),
            waiting_since: self.waiting_since.map(rfc3339).transpose()?,
        })
    }
}

fn rfc3339(at: i64) -> anyhow::Result<String> {
    Ok(format!("{:.3}", Timestamp::from_millisecond(at)?))
}
