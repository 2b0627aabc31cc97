//! Which agents were called in which private note.

use crate::error::Result;
use crate::many;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use switchboard_domain::{AccountId, ConversationId, EntryId, Millis};

/// An agent was called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Who.
    pub account: AccountId,
    /// By which note.
    pub entry: EntryId,
    /// Where that stands.
    pub conversation: ConversationId,
    /// Its place there.
    pub seq: i64,
    /// When it was written.
    pub at: Millis,
    /// Who wrote it, by the name of then.
    pub by_name: String,
    /// When the one who was called has looked.
    pub read_at: Option<Millis>,
}

/// One to show: with the note as it stands there now, and whose conversation it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The mention.
    pub mention: Mention,
    /// The note's body, if it is still there.
    pub body: Option<String>,
}

const WIDTH: usize = 7;

/// Adds these.
pub async fn insert(tx: &mut Tx, mentions: &[Mention]) -> Result<()> {
    for piece in many::pieces(mentions) {
        let values: Vec<Value<'_>> = piece
            .iter()
            .flat_map(|one| {
                [
                    Value::from(&one.account),
                    (&one.entry).into(),
                    (&one.conversation).into(),
                    one.seq.into(),
                    one.at.into(),
                    (&one.by_name).into(),
                    one.read_at.into(),
                ]
            })
            .collect();
        let sql = format!(
            "INSERT INTO mentions (account_id, entry_id, conversation_id, seq, at, by_name, read_at) VALUES {}",
            many::tuples(piece.len(), WIDTH)
        );
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    Ok(())
}

/// Those of an agent, newest first, from the one before `before`.
pub async fn list(
    tx: &mut Tx,
    account: &AccountId,
    before: Option<&EntryId>,
    limit: i64,
) -> Result<Vec<Shown>> {
    // Behind every character of an id.
    let before = before.map_or("~", EntryId::as_str);
    let sql = "SELECT m.account_id, m.entry_id, m.conversation_id, m.seq, m.at, m.by_name, m.read_at, e.body \
               FROM mentions m LEFT JOIN entries e ON e.conversation_id = m.conversation_id AND e.seq = m.seq \
               WHERE m.account_id = ? AND m.entry_id < ? ORDER BY m.entry_id DESC LIMIT ?";
    tx.list(sql, args![account, before, limit], read).await
}

fn read(row: &mut Row<'_>) -> Result<Shown> {
    let mention = Mention {
        account: row.parse()?,
        entry: row.parse()?,
        conversation: row.parse()?,
        seq: row.int()?,
        at: row.int()?,
        by_name: row.text()?,
        read_at: row.maybe_int()?,
    };
    Ok(Shown { mention, body: row.maybe_text()? })
}

/// Notes that an agent has looked at those in one conversation, or at all.
pub async fn mark_read(
    tx: &mut Tx,
    account: &AccountId,
    conversation: Option<&ConversationId>,
    now: Millis,
) -> Result<()> {
    match conversation {
        Some(id) => {
            let sql = "UPDATE mentions SET read_at = ? WHERE account_id = ? AND conversation_id = ? AND read_at IS NULL";
            tx.exec(sql, args![now, account, id]).await.map(drop)
        }
        None => {
            let sql = "UPDATE mentions SET read_at = ? WHERE account_id = ? AND read_at IS NULL";
            tx.exec(sql, args![now, account]).await.map(drop)
        }
    }
}

/// Forgets those of an agent that were read before this.
pub async fn forget_read(tx: &mut Tx, account: &AccountId, before: Millis) -> Result<()> {
    let sql = "DELETE FROM mentions WHERE account_id = ? AND read_at < ?";
    tx.exec(sql, args![account, before]).await.map(drop)
}

/// Forgets those in a conversation: its notes are erased.
pub async fn forget_conversation(tx: &mut Tx, conversation: &ConversationId) -> Result<()> {
    tx.exec("DELETE FROM mentions WHERE conversation_id = ?", args![conversation]).await.map(drop)
}
