//! Lists of conversations for those who show them.

use super::row::{COLUMNS, read};
use crate::error::Result;
use crate::limits;
use crate::many;
use crate::page::After;
use crate::read::Side;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;
use sqlx::AssertSqlSafe;
use std::sync::LazyLock;
use switchboard_domain::{Conversation, ConversationId, EntryId, Millis, VisitorId};

/// Where a conversation's log ends; what a reader compares with what it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Which conversation.
    pub conversation: ConversationId,
    /// `seq` of the last entry.
    pub head: i64,
    /// Its id.
    pub head_id: Option<EntryId>,
    /// `seq` of the last entry that the visitor sees.
    pub public_head: i64,
    /// Its id.
    pub public_head_id: Option<EntryId>,
    /// The fence.
    pub fence: i64,
}

/// A conversation and how far one side has read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The conversation.
    pub conversation: Conversation,
    /// `seq` read up to; 0 when nothing is.
    pub read_seq: i64,
    /// How many of the visitor's messages there were at that point.
    pub read_inbound: i64,
}

impl Summary {
    /// How many of the visitor's messages staff have not read.
    pub fn unread(&self) -> i64 {
        (self.conversation.inbound - self.read_inbound).max(0)
    }
}

/// What every summary selects; `side` is bound by the text, a constant of ours.
pub(super) fn select(side: Side) -> String {
    format!(
        "SELECT {COLUMNS}, COALESCE(r.seq, 0), COALESCE(r.inbound, 0) FROM conversations c{{hint}} \
         LEFT JOIN read_positions r ON r.conversation_id = c.id AND r.side = '{}'",
        side.as_str()
    )
}

pub(super) fn read_summary(row: &mut Row<'_>) -> Result<Summary> {
    Ok(Summary { conversation: read(row)?, read_seq: row.int()?, read_inbound: row.int()? })
}

/// The bounds of a page in the order of activity, for `updated_at <= ? AND (updated_at < ? OR id < ?)`: the first
/// half is a range of the index, the second sorts out ties.
pub(super) fn bounds(after: Option<&After>) -> [Value<'_>; 3] {
    match after {
        Some(After { updated_at, id }) => [(*updated_at).into(), (*updated_at).into(), id.into()],
        None => [Millis::MAX.into(), Millis::MAX.into(), "".into()],
    }
}

/// The heads of many conversations, keyed look-ups only. Those that do not exist are left out.
pub async fn heads(tx: &mut Tx, ids: &[ConversationId]) -> Result<Vec<Head>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
        let places = many::places(many::pad(&mut values, 1));
        let sql = format!(
            "SELECT id, head, head_id, public_head, public_head_id, fence, updated_at FROM conversations WHERE id IN ({places})"
        );
        let read = |row: &mut Row<'_>| {
            let head = Head {
                conversation: row.parse()?,
                head: row.int()?,
                head_id: row.maybe_parse()?,
                public_head: row.int()?,
                public_head_id: row.maybe_parse()?,
                fence: row.int()?,
            };
            row.committed()?;
            Ok(head)
        };
        found.extend(tx.list(AssertSqlSafe(sql), &values, read).await?);
    }
    Ok(found)
}

/// The summaries of many conversations. Those that do not exist are left out.
pub async fn summaries(tx: &mut Tx, ids: &[ConversationId], side: Side) -> Result<Vec<Summary>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
        let places = many::places(many::pad(&mut values, 1));
        let sql = format!("{} WHERE c.id IN ({places})", select(side).replace("{hint}", ""));
        found.extend(tx.list(AssertSqlSafe(sql), &values, read_summary).await?);
    }
    Ok(found)
}

/// A visitor's conversations, newest activity first, with how far the visitor has read.
pub async fn of_visitor(
    tx: &mut Tx,
    visitor: &VisitorId,
    after: Option<&After>,
    limit: i64,
) -> Result<Vec<Summary>> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        let select = select(Side::Visitor).replace("{hint}", "");
        format!(
            "{select} WHERE c.visitor_id = ? AND c.updated_at <= ? AND (c.updated_at < ? OR c.id < ?) \
             ORDER BY c.updated_at DESC, c.id DESC LIMIT ?"
        )
    });
    let [upper, same, id] = bounds(after);
    tx.list(SQL.as_str(), &[visitor.into(), upper, same, id, limit.into()], read_summary).await
}

/// The newest conversations of each of these visitors, at most `limit` a visitor, by visitor and newest activity first.
pub async fn of_visitors(tx: &mut Tx, visitors: &[VisitorId], limit: i64) -> Result<Vec<Conversation>> {
    /// From the index alone, so that a visitor with thousands of conversations costs no more than others.
    const NEWEST: &str = "SELECT * FROM (SELECT id FROM conversations WHERE visitor_id = ? \
                          ORDER BY updated_at DESC, id DESC LIMIT ?) n";
    let mut found = Vec::with_capacity(visitors.len());
    for chunk in visitors.chunks(limits::TERMS) {
        let mut values: Vec<Value<'_>> =
            chunk.iter().flat_map(|visitor| [Value::from(visitor), Value::from(limit)]).collect();
        // A union without ALL: those that fill up the list are the same rows once more.
        let ids = vec![NEWEST; many::pad(&mut values, 2)].join(" UNION ");
        let sql = format!(
            "SELECT {COLUMNS} FROM ({ids}) k JOIN conversations c ON c.id = k.id \
             ORDER BY c.visitor_id, c.updated_at DESC, c.id DESC"
        );
        found.extend(tx.list(AssertSqlSafe(sql), &values, read).await?);
    }
    Ok(found)
}
