//! How far each side has read a conversation; in a table of its own, so that reading never waits for writing.

use crate::error::Result;
use crate::many;
use crate::tx::Tx;
use crate::value::{Value, args};
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

/// Writes positions. Read positions only go forward: the caller sends the highest it knows, and a lower one than is
/// stored is left out by [`get`] comparing first.
pub async fn save(tx: &mut Tx, positions: &[Position]) -> Result<()> {
    let upsert = tx.dialect().upsert("conversation_id, side", &["seq", "inbound", "at"]);
    for piece in many::pieces(positions) {
        let values: Vec<Value<'_>> = piece
            .iter()
            .flat_map(|p| -> [Value<'_>; 5] {
                [
                    (&p.conversation).into(),
                    p.side.as_str().into(),
                    p.seq.into(),
                    p.inbound.into(),
                    p.at.into(),
                ]
            })
            .collect();
        let tuples = many::tuples(piece.len(), 5);
        let sql = format!(
            "INSERT INTO read_positions (conversation_id, side, seq, inbound, at) VALUES {tuples}{upsert}"
        );
        tx.exec(AssertSqlSafe(sql), &values).await?;
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
