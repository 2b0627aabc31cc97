//! Making one visitor of two. Both are locked by the caller, and the conversations that move.

use crate::ban::ERASED;
use crate::error::Result;
use crate::limits;
use crate::many;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use switchboard_domain::{Author, ConversationId, Millis, VisitorId};

/// Gives everything of `from` that is not the record itself to `to`: conversations, bans, the agent whom it knows, who
/// sites say that it is, e-mails, and what servers outside are still to be told of it. `ids` are the conversations of
/// `from`. What is known of both, and how their browsers go on, is for whoever asks: see [`delete`] and
/// [`crate::join::visitors`].
pub async fn move_all(
    tx: &mut Tx,
    ids: &[ConversationId],
    from: &VisitorId,
    to: &VisitorId,
    now: Millis,
) -> Result<()> {
    move_conversations(tx, ids, from, to).await?;
    move_acquaintance(tx, from, to).await?;
    move_bans(tx, from, to, now).await?;
    tx.exec("UPDATE identities SET visitor_id = ? WHERE visitor_id = ?", args![to, from]).await?;
    tx.exec("UPDATE mails SET visitor_id = ? WHERE visitor_id = ?", args![to, from]).await?;
    // So that it is erased with the one that stays.
    crate::webhook::delivery::move_lane(tx, from.as_str(), to.as_str()).await
}

/// Gives all conversations of `from` to `to`, with what the visitor has written and uploaded in them: a client that
/// repeats what it has sent is found again.
async fn move_conversations(
    tx: &mut Tx,
    ids: &[ConversationId],
    from: &VisitorId,
    to: &VisitorId,
) -> Result<()> {
    // Two keys by which two visitors made sure not to begin twice may be the same text: the one that stays counts.
    let twice = "SELECT a.id FROM conversations a JOIN conversations b ON b.visitor_id = ? AND b.start_key = a.start_key \
                 WHERE a.visitor_id = ?";
    let twice: Vec<ConversationId> = tx.list(twice, args![to, from], |row| row.parse()).await?;
    for id in &twice {
        tx.exec("UPDATE conversations SET start_key = NULL WHERE id = ?", args![id]).await?;
    }
    tx.exec("UPDATE conversations SET visitor_id = ? WHERE visitor_id = ?", args![to, from]).await?;
    let sender = |visitor: &VisitorId| Author::visitor(visitor.as_str(), String::new()).sender();
    let (old, new) = (sender(from), sender(to));
    for chunk in ids.chunks(limits::KEYS) {
        let mut keys: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
        let places = many::places(many::pad(&mut keys, 1));
        let mut values: Vec<Value<'_>> = vec![to.into(), new.as_str().into(), from.into()];
        values.extend(keys.iter().copied());
        let sql = format!(
            "UPDATE entries SET author_id = ?, sender = ? WHERE author_kind = 'visitor' AND author_id = ? \
             AND conversation_id IN ({places})"
        );
        tx.exec(AssertSqlSafe(sql), &values).await?;
        let mut values: Vec<Value<'_>> = vec![new.as_str().into(), old.as_str().into()];
        values.extend(keys);
        let sql =
            format!("UPDATE files SET uploader = ? WHERE uploader = ? AND conversation_id IN ({places})");
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    Ok(())
}

/// Whoever met a ban under one name has met it under the other; a ban of the one that goes is of the one that stays.
async fn move_bans(tx: &mut Tx, from: &VisitorId, to: &VisitorId, now: Millis) -> Result<()> {
    let missing = tx.dialect().insert_missing();
    let sql = format!(
        "{missing}banned_visitors (visitor_id, ban_id, ends_at, since) \
         SELECT ?, ban_id, ends_at, ? FROM banned_visitors WHERE visitor_id = ? AND ban_id <> ?"
    );
    tx.exec(AssertSqlSafe(sql), args![to, now, from, ERASED]).await?;
    tx.exec("DELETE FROM banned_visitors WHERE visitor_id = ?", args![from]).await?;
    let own = "SELECT COUNT(*) FROM bans WHERE kind = 'visitor' AND value = ?";
    // With a ban of its own the one that stays keeps that; the other has met it above and is lifted by itself.
    if tx.first(own, args![to], |row| row.int()).await?.unwrap_or_default() == 0 {
        tx.exec("UPDATE bans SET value = ? WHERE kind = 'visitor' AND value = ?", args![to, from]).await?;
    }
    Ok(())
}

/// The agent whom the one that goes knows is known to the one that stays, unless it knows somebody.
async fn move_acquaintance(tx: &mut Tx, from: &VisitorId, to: &VisitorId) -> Result<()> {
    let missing = tx.dialect().insert_missing();
    let sql = format!(
        "{missing}known_agents (visitor_id, account_id, since) \
         SELECT ?, account_id, since FROM known_agents WHERE visitor_id = ?"
    );
    tx.exec(AssertSqlSafe(sql), args![to, from]).await?;
    crate::erasure::acquaintance(tx, from).await
}

/// Deletes a visitor of whom nothing else is left. Its tokens, and the links in e-mails to it, are nobody's from then on.
pub async fn delete(tx: &mut Tx, visitor: &VisitorId) -> Result<()> {
    crate::details::delete(tx, visitor).await?;
    tx.exec("DELETE FROM visitor_tokens WHERE visitor_id = ?", args![visitor]).await?;
    tx.exec("DELETE FROM mail_links WHERE visitor_id = ?", args![visitor]).await?;
    tx.exec("DELETE FROM visitors WHERE id = ?", args![visitor]).await.map(drop)
}

/// Notes since when the visitor has been known.
pub async fn known_since(tx: &mut Tx, visitor: &VisitorId, since: Millis) -> Result<()> {
    let sql = "UPDATE visitors SET created_at = ? WHERE id = ? AND created_at > ?";
    tx.exec(sql, args![since, visitor, since]).await.map(drop)
}
