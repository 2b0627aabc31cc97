//! Entries: the log of a conversation, numbered 1, 2, 3… without gaps.

use crate::error::{Error, Result};
use crate::limits;
use crate::many;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use switchboard_domain::entry::Client;
use switchboard_domain::{Author, ClientMsgId, ConversationId, Entry};
use switchboard_faults::{self as faults, Mutant};

macro_rules! columns {
    () => {
        "conversation_id, seq, id, at, kind, public, public_before, author_kind, author_id, author_name, body, sender, \
         client_msg_id, body_hash"
    };
}

const WIDTH: usize = 14;

/// Who reads a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Sees everything.
    Staff,
    /// Sees what is public.
    Visitor,
}

impl Reader {
    /// The least value of the column `public` that this reader sees.
    fn least(self) -> i64 {
        match self {
            Self::Staff => 0,
            Self::Visitor => 1,
        }
    }
}

/// What makes a send idempotent: conversation, sender (see [`Author::sender`]) and the client's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClientKey {
    /// The conversation.
    pub conversation: ConversationId,
    /// Whom the id belongs to.
    pub sender: String,
    /// The client's id.
    pub id: ClientMsgId,
}

fn read(row: &mut Row<'_>) -> Result<Entry> {
    let (conversation, seq, id, at) = (row.parse()?, row.int()?, row.parse()?, row.committed()?);
    let kind = row.str()?;
    let kind = kind.parse().map_err(|()| Error::spoilt("kind", kind))?;
    let (public, public_before) = (row.flag()?, row.int()?);
    let author = Author { kind: row.parse()?, id: row.maybe_text()?, name: row.text()? };
    let (body, sender) = (row.text()?, row.str()?);
    let (client_id, hash) = (row.maybe_convert()?, row.maybe_text()?);
    let client =
        client_id.map(|id| Client { sender: sender.to_owned(), id, body_hash: hash.unwrap_or_default() });
    Ok(Entry { conversation, seq, id, at, kind, public, public_before, author, body, client })
}

/// Adds entries, in at most four statements for 512.
///
/// # Errors
/// [`Error::Conflict`] with [`crate::Unique::ClientMessage`] when a client's id is there already, with
/// [`crate::Unique::Primary`] when a number is.
pub async fn insert(tx: &mut Tx, entries: &[Entry]) -> Result<()> {
    for piece in many::pieces_within(entries, limits::STATEMENT_BYTES, |entry| entry.body.len()) {
        let senders: Vec<String> = piece
            .iter()
            .map(|entry| {
                entry.client.as_ref().map_or_else(|| entry.author.sender(), |client| client.sender.clone())
            })
            .collect();
        let values: Vec<Value<'_>> =
            piece.iter().zip(&senders).flat_map(|(entry, sender)| values(entry, sender)).collect();
        let tuples = many::tuples(piece.len(), WIDTH);
        let sql = format!(concat!("INSERT INTO entries (", columns!(), ") VALUES {}"), tuples);
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    Ok(())
}

fn values<'a>(entry: &'a Entry, sender: &'a str) -> [Value<'a>; WIDTH] {
    let client = entry.client.as_ref();
    let sender = if faults::broken(Mutant::UniqueKeyDropped) { entry.id.as_str() } else { sender };
    [
        (&entry.conversation).into(),
        entry.seq.into(),
        (&entry.id).into(),
        entry.at.into(),
        entry.kind.as_str().into(),
        entry.public.into(),
        entry.public_before.into(),
        entry.author.kind.as_str().into(),
        (&entry.author.id).into(),
        (&entry.author.name).into(),
        (&entry.body).into(),
        sender.into(),
        client.map(|client| client.id.as_str()).into(),
        client.map(|client| client.body_hash.as_str()).into(),
    ]
}

/// The entries that clients have sent under these keys, in no particular order.
pub async fn by_client(tx: &mut Tx, keys: &[ClientKey]) -> Result<Vec<Entry>> {
    let mut found = Vec::new();
    if faults::broken(Mutant::UniqueKeyDropped) {
        return Ok(found);
    }
    for chunk in keys.chunks(limits::TERMS) {
        let mut values: Vec<Value<'_>> = chunk
            .iter()
            .flat_map(|key| [Value::from(&key.conversation), Value::from(&key.sender), Value::from(&key.id)])
            .collect();
        let terms = many::pad(&mut values, 3);
        let any = vec!["(conversation_id = ? AND sender = ? AND client_msg_id = ?)"; terms].join(" OR ");
        let sql = format!(concat!("SELECT ", columns!(), " FROM entries WHERE {}"), any);
        found.extend(tx.list(AssertSqlSafe(sql), &values, read).await?);
    }
    Ok(found)
}

/// The entry at this place.
pub async fn at(tx: &mut Tx, conversation: &ConversationId, seq: i64) -> Result<Option<Entry>> {
    let sql = concat!("SELECT ", columns!(), " FROM entries WHERE conversation_id = ? AND seq = ?");
    tx.first(sql, args![conversation, seq], read).await
}

/// The entries after `seq` that the reader sees, in order, at most `limit`.
pub async fn after(
    tx: &mut Tx,
    conversation: &ConversationId,
    seq: i64,
    reader: Reader,
    limit: i64,
) -> Result<Vec<Entry>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM entries WHERE conversation_id = ? AND seq > ? AND public >= ? ORDER BY seq LIMIT ?"
    );
    tx.list(sql, args![conversation, seq, reader.least(), limit], read).await
}

/// The last `limit` entries before `seq` that the reader sees, in ascending order; `i64::MAX` gives the newest.
pub async fn before(
    tx: &mut Tx,
    conversation: &ConversationId,
    seq: i64,
    reader: Reader,
    limit: i64,
) -> Result<Vec<Entry>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM entries WHERE conversation_id = ? AND seq < ? AND public >= ? ORDER BY seq DESC LIMIT ?"
    );
    let mut entries = tx.list(sql, args![conversation, seq, reader.least(), limit], read).await?;
    entries.reverse();
    Ok(entries)
}

/// What people have answered to the visitor after `seq`, in order: messages, and neither notes nor what automations say.
pub async fn replies_after(
    tx: &mut Tx,
    conversation: &ConversationId,
    seq: i64,
    limit: i64,
) -> Result<Vec<Entry>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM entries WHERE conversation_id = ? AND seq > ? AND kind = 'message' AND author_kind = 'agent' \
         ORDER BY seq LIMIT ?"
    );
    tx.list(sql, args![conversation, seq, limit], read).await
}

/// Whether anybody has written to the visitor, a person or an automation.
pub async fn is_answered(tx: &mut Tx, conversation: &ConversationId) -> Result<bool> {
    let sql = "SELECT seq FROM entries WHERE conversation_id = ? AND kind = 'message' \
               AND author_kind IN ('agent', 'automation') ORDER BY seq LIMIT 1";
    Ok(tx.first(sql, args![conversation], |row| row.int()).await?.is_some())
}

/// How many messages the visitor has written after `seq`.
pub async fn inbound_after(tx: &mut Tx, conversation: &ConversationId, seq: i64) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM entries WHERE conversation_id = ? AND seq > ? AND author_kind = 'visitor' \
               AND kind = 'message'";
    Ok(tx.first(sql, args![conversation, seq], |row| row.int()).await?.unwrap_or_default())
}

/// A piece of one log to read: after one `seq`, up to and including another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Which log.
    pub conversation: ConversationId,
    /// The last `seq` that the reader has.
    pub after: i64,
    /// The last `seq` wanted.
    pub upto: i64,
}

/// The entries of many logs at once, by conversation and `seq`, at most `limit` in all (what is missing is at the
/// end, so the caller sees where to go on).
pub async fn spans(tx: &mut Tx, spans: &[Span], reader: Reader, limit: i64) -> Result<Vec<Entry>> {
    spans_as(tx, spans, reader, limit, |entry| entry).await
}

/// The same, of each entry only what `keep` makes of it: thousands of them with all that they own would be read into
/// memory that is cold by the time in which they are looked at.
pub async fn spans_as<T: Send>(
    tx: &mut Tx,
    spans: &[Span],
    reader: Reader,
    limit: i64,
    keep: fn(Entry) -> T,
) -> Result<Vec<T>> {
    let mut spans: Vec<&Span> = spans.iter().collect();
    spans.sort_unstable_by(|a, b| a.conversation.cmp(&b.conversation));
    let mut found: Vec<T> = Vec::new();
    for chunk in spans.chunks(limits::TERMS) {
        let room = limit - i64::try_from(found.len()).unwrap_or(i64::MAX);
        if room <= 0 {
            break;
        }
        let mut values: Vec<Value<'_>> = chunk
            .iter()
            .flat_map(|span| {
                [Value::from(&span.conversation), Value::from(span.after), Value::from(span.upto)]
            })
            .collect();
        let terms = many::pad(&mut values, 3);
        let any = vec!["(conversation_id = ? AND seq > ? AND seq <= ?)"; terms].join(" OR ");
        values.extend([Value::from(reader.least()), Value::from(room)]);
        let sql = format!(
            concat!(
                "SELECT ",
                columns!(),
                " FROM entries WHERE ({}) AND public >= ? ORDER BY conversation_id, seq LIMIT ?"
            ),
            any
        );
        found.extend(tx.list(AssertSqlSafe(sql), &values, |row| read(row).map(keep)).await?);
    }
    Ok(found)
}
