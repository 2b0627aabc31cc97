//! Conversations: one row each, read and written whole.

mod lists;
mod routing;
mod row;
mod views;

pub use lists::{Head, Summary, heads, of_visitor, of_visitors, summaries};
pub(crate) use routing::LOST_OWNERS;
pub use routing::{
    Queue, count_of_automation, due, loads, next_due, of_team, open_of_team, orphans, owned_by_agent,
    owned_by_automation, queue_position, queues, room_taken, rooms_taken, waiting, waiting_since,
};
pub use views::{Narrow, Scope, View, narrowed, search, view};

use crate::error::Result;
use crate::limits;
use crate::many;
use crate::tx::Tx;
use crate::value::{Value, args};
use row::{COLUMNS, WIDTH, read};
use sqlx::AssertSqlSafe;
use std::sync::LazyLock;
use switchboard_domain::{ClientMsgId, Conversation, ConversationId, Millis, VisitorId};

/// The conversation of this id.
pub async fn get(tx: &mut Tx, id: &ConversationId) -> Result<Option<Conversation>> {
    Ok(get_many(tx, std::slice::from_ref(id)).await?.pop())
}

/// These conversations as far as they exist, by id.
pub async fn get_many(tx: &mut Tx, ids: &[ConversationId]) -> Result<Vec<Conversation>> {
    by_ids(tx, ids, "").await
}

/// The conversation, locked for changing it until the commit.
pub async fn lock(tx: &mut Tx, id: &ConversationId) -> Result<Option<Conversation>> {
    Ok(lock_many(tx, std::slice::from_ref(id)).await?.pop())
}

/// These conversations as far as they exist, locked for changing them, in the order of their ids (which is the order
/// that every transaction must keep).
pub async fn lock_many(tx: &mut Tx, ids: &[ConversationId]) -> Result<Vec<Conversation>> {
    by_ids(tx, ids, tx.dialect().update()).await
}

/// As [`lock_many`] without waiting: those that another transaction has locked are left out.
pub async fn try_lock_many(tx: &mut Tx, ids: &[ConversationId]) -> Result<Vec<Conversation>> {
    by_ids(tx, ids, tx.dialect().try_update()).await
}

async fn by_ids(tx: &mut Tx, ids: &[ConversationId], lock: &str) -> Result<Vec<Conversation>> {
    let mut found = Vec::with_capacity(ids.len());
    let mut ids: Vec<&ConversationId> = ids.iter().collect();
    ids.sort_unstable();
    ids.dedup();
    for chunk in ids.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(|&id| id.into()).collect();
        let places = many::places(many::pad(&mut values, 1));
        let sql =
            format!("SELECT {COLUMNS} FROM conversations c WHERE c.id IN ({places}) ORDER BY c.id{lock}");
        found.extend(tx.list(AssertSqlSafe(sql), &values, read).await?);
    }
    Ok(found)
}

/// The conversation that this visitor began with this key.
pub async fn by_start_key(
    tx: &mut Tx,
    visitor: &VisitorId,
    key: &ClientMsgId,
) -> Result<Option<Conversation>> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        format!("SELECT {COLUMNS} FROM conversations c WHERE c.visitor_id = ? AND c.start_key = ?")
    });
    tx.first(SQL.as_str(), args![visitor, key], read).await
}

/// Adds conversations.
///
/// # Errors
/// [`crate::Error::Conflict`] with [`crate::Unique::StartKey`] when the visitor has begun one with that key.
pub async fn insert(tx: &mut Tx, conversations: &[Conversation]) -> Result<()> {
    for piece in many::pieces(conversations) {
        let extra: Vec<row::Extra> = piece.iter().map(row::Extra::of).collect();
        let values: Vec<Value<'_>> =
            piece.iter().zip(&extra).flat_map(|(c, extra)| row::values(c, extra)).collect();
        let sql = format!(
            "INSERT INTO conversations ({}) VALUES {}",
            row::plain(),
            many::tuples(piece.len(), WIDTH)
        );
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    Ok(())
}

/// What becomes of a conversation.
#[derive(Debug)]
pub struct Change {
    /// As it is stored.
    pub was: Conversation,
    /// As it is from now on.
    pub now: Conversation,
}

/// Writes conversations that exist and are locked by this transaction, in at most four statements for 512; in some of
/// their own those in which somebody has only spoken, which are nearly all of them and have few columns to write.
pub async fn save_many(tx: &mut Tx, changes: &[Change]) -> Result<()> {
    let (spoken, others): (Vec<&Change>, Vec<&Change>) =
        changes.iter().partition(|change| row::only_spoken(&change.was, &change.now));
    for piece in many::pieces(&spoken) {
        let values: Vec<Value<'_>> =
            piece.iter().flat_map(|change| row::values_of_speech(&change.now)).collect();
        let rest = row::REST.map(|(_, value)| value).join(", ");
        let tuple = format!("({}, {rest})", many::places(row::SPEECH.len()));
        let sql = format!(
            "INSERT INTO conversations ({}, {}) VALUES {}{}",
            row::SPEECH.join(", "),
            row::REST.map(|(column, _)| column).join(", "),
            vec![tuple.as_str(); piece.len()].join(", "),
            tx.dialect().upsert("id", &row::SPEECH[1..]),
        );
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    let changing = row::changing();
    for piece in many::pieces(&others) {
        let extra: Vec<row::Extra> = piece.iter().map(|change| row::Extra::of(&change.now)).collect();
        let values: Vec<Value<'_>> =
            piece.iter().zip(&extra).flat_map(|(change, extra)| row::values(&change.now, extra)).collect();
        let tuples = many::tuples(piece.len(), WIDTH);
        let sql = format!(
            "INSERT INTO conversations ({}) VALUES {tuples}{}",
            row::plain(),
            tx.dialect().upsert("id", &changing)
        );
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    Ok(())
}

/// Writes a conversation if its stored fence is still `fence`; answers whether it was. Of any number who try at once
/// with the same fence and raise it, exactly one succeeds.
pub async fn compare_and_set(tx: &mut Tx, conversation: &Conversation, fence: i64) -> Result<bool> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        let set: Vec<String> = row::plain().split(", ").map(|column| format!("{column} = ?")).collect();
        format!("UPDATE conversations SET {} WHERE id = ? AND fence = ?", set.join(", "))
    });
    let extra = row::Extra::of(conversation);
    let mut values: Vec<Value<'_>> = row::values(conversation, &extra).into();
    values.extend([Value::from(&conversation.id), Value::from(fence)]);
    Ok(tx.exec(SQL.as_str(), &values).await? > 0)
}

/// Writes a visitor's name and address into the visitor's conversations.
pub async fn rename_visitor(tx: &mut Tx, visitor: &VisitorId, name: &str, email: Option<&str>) -> Result<()> {
    let (name_key, email_key) = (row::key(name), email.map(row::key));
    let sql = "UPDATE conversations SET visitor_name = ?, visitor_email = ?, visitor_name_key = ?, visitor_email_key = ? \
               WHERE visitor_id = ?";
    tx.exec(sql, args![name, email, &name_key, &email_key, visitor]).await.map(drop)
}

/// Conversations of visitors with an e-mail address in which people have answered last, that have changed since then, and
/// when; at most `limit` of each status. Whoever has them now: people may have given them back.
pub async fn replied_since(tx: &mut Tx, since: Millis, limit: i64) -> Result<Vec<(ConversationId, Millis)>> {
    let mut found = Vec::new();
    // Those that are not resolved are not too many to be gone through; of those that are the index finds the newest.
    for which in [
        "c.status = 'open'",
        "c.status = 'snoozed'",
        "c.status = 'resolved' AND c.owner_kind = 'none' AND c.owner_id IS NULL",
    ] {
        let sql = format!(
            "SELECT c.id, c.updated_at FROM conversations c WHERE {which} AND c.updated_at >= ? \
             AND c.visitor_email IS NOT NULL AND EXISTS (SELECT e.seq FROM entries e \
             WHERE e.conversation_id = c.id AND e.seq > c.last_inbound AND e.kind = 'message' \
             AND e.author_kind = 'agent') LIMIT ?"
        );
        let args = args![since, limit];
        found.extend(tx.list(AssertSqlSafe(sql), args, |row| Ok((row.parse()?, row.int()?))).await?);
    }
    Ok(found)
}

/// How many of a visitor's conversations are not resolved.
pub async fn open_of_visitor(tx: &mut Tx, visitor: &VisitorId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM conversations WHERE visitor_id = ? AND status <> 'resolved'";
    Ok(tx.first(sql, args![visitor], |row| row.int()).await?.unwrap_or_default())
}

/// How many conversations a visitor has had.
pub async fn count_of_visitor(tx: &mut Tx, visitor: &VisitorId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM conversations WHERE visitor_id = ?";
    Ok(tx.first(sql, args![visitor], |row| row.int()).await?.unwrap_or_default())
}

/// A visitor's conversations, oldest first, from the one of `from` on.
pub async fn ids_of_visitor(
    tx: &mut Tx,
    visitor: &VisitorId,
    from: Option<&ConversationId>,
    limit: i64,
) -> Result<Vec<ConversationId>> {
    let from = from.map_or("", ConversationId::as_str);
    let sql = "SELECT id FROM conversations WHERE visitor_id = ? AND id >= ? ORDER BY id LIMIT ?";
    tx.list(sql, args![visitor, from, limit], |row| row.parse()).await
}
