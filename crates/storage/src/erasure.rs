//! Erasing what was said and by whom. Numbers, owners and times stay as they were, so that logs have no gaps, readers go
//! on where they were, and what is counted stays counted. Files go with [`crate::file::erase`].

use crate::error::Result;
use crate::tx::Tx;
use crate::value::args;
use switchboard_domain::message::ERASED;
use switchboard_domain::{ConversationId, Millis, TokenHash, VisitorId};

/// What visitors are called whose name is erased, and those who never gave one.
const NAMELESS: &str = "Visitor";

/// Erases texts and visitors' names in a conversation's log, at most `limit` entries; answers how many that were. Of an
/// event only the reason that an automation gave goes.
pub async fn entries(tx: &mut Tx, conversation: &ConversationId, limit: i64) -> Result<usize> {
    let body = serde_json::json!({ "text": ERASED }).to_string();
    let left = "SELECT seq FROM entries WHERE conversation_id = ? AND ((kind <> 'event' AND body <> ?) \
                OR (author_kind = 'visitor' AND author_name <> ?) \
                OR (kind = 'event' AND body LIKE '{\"event\":\"handed_off\",\"reason\"%')) ORDER BY seq LIMIT ?";
    let seqs = tx.list(left, args![conversation, &body, NAMELESS, limit], |row| row.int()).await?;
    let (Some(first), Some(last)) = (seqs.first(), seqs.last()) else { return Ok(0) };
    // A client's id goes too: what it was sent with could be guessed from the hash.
    let sql = "UPDATE entries SET client_msg_id = NULL, body_hash = NULL, \
               body = CASE WHEN kind <> 'event' THEN ? \
               WHEN body LIKE '{\"event\":\"handed_off\",\"reason\"%' THEN '{\"event\":\"handed_off\"}' ELSE body END, \
               author_name = CASE WHEN author_kind = 'visitor' THEN ? ELSE author_name END \
               WHERE conversation_id = ? AND seq >= ? AND seq <= ?";
    tx.exec(sql, args![&body, NAMELESS, conversation, *first, *last]).await?;
    Ok(seqs.len())
}

/// Erases the visitor's name and address, the preview and the words of the rating from a conversation, and what servers
/// outside were still to be told of it.
pub async fn conversation(tx: &mut Tx, id: &ConversationId) -> Result<()> {
    let sql = "UPDATE conversations SET visitor_name = '', visitor_email = NULL, visitor_name_key = '', \
               visitor_email_key = NULL, preview = CASE WHEN preview = '' THEN '' ELSE ? END, rating_comment = NULL \
               WHERE id = ?";
    tx.exec(sql, args![ERASED, id]).await?;
    crate::guide::forget_state(tx, id).await?;
    crate::webhook::delivery::erase(tx, id.as_str()).await
}

/// Erases what is known of a visitor, but not that there was one.
pub async fn visitor(tx: &mut Tx, id: &VisitorId) -> Result<()> {
    let sql = "UPDATE visitors SET name = NULL, email = NULL, locale = NULL, page = NULL, inbox = NULL, verified = 0 \
               WHERE id = ?";
    tx.exec(sql, args![id]).await?;
    crate::identity::forget(tx, id).await?;
    crate::mail::forget(tx, id).await?;
    crate::webhook::delivery::erase(tx, id.as_str()).await?;
    crate::details::delete(tx, id).await
}

/// Gives a visitor another token, which nobody knows.
pub async fn token(tx: &mut Tx, id: &VisitorId, token: &TokenHash) -> Result<()> {
    tx.exec("UPDATE visitors SET token_hash = ? WHERE id = ?", args![token, id]).await.map(drop)
}

/// Forgets which agent this visitor knows.
pub async fn acquaintance(tx: &mut Tx, id: &VisitorId) -> Result<()> {
    tx.exec("DELETE FROM known_agents WHERE visitor_id = ?", args![id]).await.map(drop)
}

/// A conversation whose time has come: what the order of these goes by, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// When its last entry was written.
    pub updated_at: Millis,
    /// Its id.
    pub id: ConversationId,
    /// Whose it is.
    pub visitor: VisitorId,
}

/// Resolved conversations that ended before `before`, oldest first, from the one after `after` (a time and an id).
pub async fn due(
    tx: &mut Tx,
    before: Millis,
    after: Option<(Millis, ConversationId)>,
    limit: i64,
) -> Result<Vec<Due>> {
    let (at, id) = after.map_or((Millis::MIN, String::new()), |(at, id)| (at, id.into()));
    let sql = "SELECT updated_at, id, visitor_id FROM conversations WHERE status = 'resolved' AND owner_kind = 'none' \
               AND owner_id IS NULL AND updated_at < ? AND updated_at >= ? AND (updated_at > ? OR id > ?) \
               ORDER BY updated_at, id LIMIT ?";
    tx.list(sql, args![before, at, at, &id, limit], |row| {
        Ok(Due { updated_at: row.int()?, id: row.parse()?, visitor: row.parse()? })
    })
    .await
}

/// Whether nothing of a visitor is younger: it was not seen since, and has no conversation that changed since.
pub async fn is_past(tx: &mut Tx, visitor: &VisitorId, since: Millis) -> Result<bool> {
    let sql = "SELECT (SELECT COUNT(*) FROM visitors WHERE id = ? AND last_seen_at >= ?) \
               + (SELECT COUNT(*) FROM conversations WHERE visitor_id = ? AND (updated_at >= ? OR status <> 'resolved'))";
    Ok(tx.first(sql, args![visitor, since, visitor, since], |row| row.int()).await? == Some(0))
}
