//! Which conversations have a tag: kept beside the conversations, so that lists by tag are found by it.

use crate::error::Result;
use crate::many;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use switchboard_domain::ConversationId;

/// A conversation's tags, before and after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagging {
    /// Which conversation.
    pub conversation: ConversationId,
    /// What it had.
    pub was: Vec<String>,
    /// What it has.
    pub now: Vec<String>,
}

/// Notes changes of tags. The conversations are locked.
pub async fn save(tx: &mut Tx, changes: &[Tagging]) -> Result<()> {
    let mut new: Vec<[Value<'_>; 2]> = Vec::new();
    for Tagging { conversation, was, now } in changes {
        for lost in was.iter().filter(|tag| !now.contains(tag)).collect::<Vec<_>>() {
            let sql = "DELETE FROM conversation_tags WHERE tag = ? AND conversation_id = ?";
            tx.exec(sql, args![lost, conversation]).await?;
        }
        let added = now.iter().filter(|tag| !was.contains(tag));
        new.extend(added.map(|tag| [Value::from(tag), Value::from(conversation)]));
    }
    for piece in many::pieces(&new) {
        let sql = format!(
            "{}conversation_tags (tag, conversation_id) VALUES {}",
            tx.dialect().insert_missing(),
            many::tuples(piece.len(), 2)
        );
        tx.exec(AssertSqlSafe(sql), piece.as_flattened()).await?;
    }
    Ok(())
}

/// The conversations with this tag, at most `limit`, by id.
pub async fn tagged(tx: &mut Tx, tag: &str, limit: i64) -> Result<Vec<ConversationId>> {
    let sql = "SELECT conversation_id FROM conversation_tags WHERE tag = ? ORDER BY conversation_id LIMIT ?";
    tx.list(sql, args![tag, limit], |row| row.parse()).await
}
