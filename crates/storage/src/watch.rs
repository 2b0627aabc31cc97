//! Which conversations admins watch.

use crate::error::Result;
use crate::tx::Tx;
use crate::value::args;
use sqlx::AssertSqlSafe;
use switchboard_domain::{AccountId, ConversationId, Millis};

/// When this admin has last looked at it.
pub async fn seen_at(
    tx: &mut Tx,
    account: &AccountId,
    conversation: &ConversationId,
) -> Result<Option<Millis>> {
    let sql = "SELECT seen_at FROM watches WHERE account_id = ? AND conversation_id = ?";
    tx.first(sql, args![account, conversation], |row| row.int()).await
}

/// This admin looks at it now.
pub async fn see(tx: &mut Tx, account: &AccountId, conversation: &ConversationId, now: Millis) -> Result<()> {
    let upsert = tx.dialect().upsert("account_id, conversation_id", &["seen_at"]);
    let sql = format!("INSERT INTO watches (account_id, conversation_id, seen_at) VALUES (?, ?, ?){upsert}");
    tx.exec(AssertSqlSafe(sql), args![account, conversation, now]).await.map(drop)
}

/// Forgets what this admin has not looked at since then.
pub async fn forget(tx: &mut Tx, account: &AccountId, before: Millis) -> Result<()> {
    let sql = "DELETE FROM watches WHERE account_id = ? AND seen_at < ?";
    tx.exec(sql, args![account, before]).await.map(drop)
}
