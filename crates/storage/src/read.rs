//! How far each side has read a conversation; in a table of its own, so that reading never waits for writing.

use crate::error::Result;
use crate::tx::Tx;
use crate::value::args;
use sqlx::AssertSqlSafe;
use switchboard_domain::{ConversationId, Millis};

/// Who reads. Staff share one position: what one agent has read is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// People who answer.
    Staff,
    /// The visitor.
    Visitor,
}

impl Side {
    /// The name in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Visitor => "visitor",
        }
    }
}

/// How far one side has read one conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The conversation.
    pub conversation: ConversationId,
    /// Who.
    pub side: Side,
    /// Everything up to here.
    pub seq: i64,
    /// How many messages of the visitor there were at that point: the conversation's `inbound` less this is unread.
    pub inbound: i64,
    /// When.
    pub at: Millis,
}

/// Writes positions. They only go forward: one that is not beyond what is stored changes nothing, so that a late
/// report does not bring back what was read.
pub async fn save(tx: &mut Tx, positions: &[Position]) -> Result<()> {
    let insert = format!(
        "{}read_positions (conversation_id, side, seq, inbound, at) VALUES (?, ?, ?, ?, ?)",
        tx.dialect().insert_missing()
    );
    let update = "UPDATE read_positions SET seq = ?, inbound = ?, at = ? WHERE conversation_id = ? AND side = ? AND seq < ?";
    for p in positions {
        let side = p.side.as_str();
        if tx.exec(update, args![p.seq, p.inbound, p.at, &p.conversation, side, p.seq]).await? == 0 {
            let values = args![&p.conversation, side, p.seq, p.inbound, p.at];
            tx.exec(AssertSqlSafe(insert.clone()), values).await?;
        }
    }
    Ok(())
}

/// How far a side has read.
pub async fn get(tx: &mut Tx, conversation: &ConversationId, side: Side) -> Result<Option<Position>> {
    let sql = "SELECT seq, inbound, at FROM read_positions WHERE conversation_id = ? AND side = ?";
    let found = tx
        .first(sql, args![conversation, side.as_str()], |row| Ok((row.int()?, row.int()?, row.int()?)))
        .await?;
    Ok(found.map(|(seq, inbound, at)| Position {
        conversation: conversation.clone(),
        side,
        seq,
        inbound,
        at,
    }))
}
