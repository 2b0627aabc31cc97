//! Whom sites know their visitors by, and the keys with which they sign it.

use crate::error::Result;
use crate::meta;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::args;
use sqlx::AssertSqlSafe;
use switchboard_domain::identity::{BROWSERS, Identity};
use switchboard_domain::{KeyId, Millis, TokenHash, VisitorId};

/// A key with which sites sign.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    /// Its id; later ones sort behind.
    pub id: KeyId,
    /// What people call it.
    pub name: String,
    /// The secret, as it is.
    pub secret: String,
    /// The name of who made it.
    pub by_name: String,
    /// When it was made.
    pub created_at: Millis,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

fn read(row: &mut Row<'_>) -> Result<Key> {
    Ok(Key {
        id: row.parse()?,
        name: row.text()?,
        secret: row.text()?,
        by_name: row.text()?,
        created_at: row.int()?,
    })
}

/// All keys, newest first, locked so that nobody adds one meanwhile, to none either.
pub async fn lock_keys(tx: &mut Tx) -> Result<Vec<Key>> {
    meta::one_at_a_time(tx).await?;
    let lock = tx.dialect().update();
    let sql =
        format!("SELECT id, name, secret, by_name, created_at FROM identity_keys ORDER BY id DESC{lock}");
    tx.list(AssertSqlSafe(sql), args![], read).await
}

/// All keys, newest first: those that should not be there too, for each of them proves who somebody is.
pub async fn keys(tx: &mut Tx) -> Result<Vec<Key>> {
    let sql = "SELECT id, name, secret, by_name, created_at FROM identity_keys ORDER BY id DESC";
    tx.list(sql, args![], read).await
}

/// The key of this id, which cannot be revoked before the commit.
pub async fn key(tx: &mut Tx, id: &KeyId) -> Result<Option<Key>> {
    let lock = tx.dialect().share();
    let sql = format!("SELECT id, name, secret, by_name, created_at FROM identity_keys WHERE id = ?{lock}");
    tx.first(AssertSqlSafe(sql), args![id], read).await
}

/// Adds a key.
pub async fn insert_key(tx: &mut Tx, key: &Key) -> Result<()> {
    let sql = "INSERT INTO identity_keys (id, name, secret, by_name, created_at) VALUES (?, ?, ?, ?, ?)";
    let values = args![&key.id, &key.name, &key.secret, &key.by_name, key.created_at];
    tx.exec(sql, values).await.map(drop)
}

/// Ends a key.
pub async fn delete_key(tx: &mut Tx, id: &KeyId) -> Result<()> {
    tx.exec("DELETE FROM identity_keys WHERE id = ?", args![id]).await.map(drop)
}

/// Which visitor this user of a site is.
pub async fn visitor_of(tx: &mut Tx, identity: &Identity) -> Result<Option<VisitorId>> {
    let sql = "SELECT visitor_id FROM identities WHERE subject_hash = ?";
    tx.first(sql, args![&identity.key()], |row| row.parse()).await
}

/// Whether a site has said who this visitor is.
pub async fn is_known(tx: &mut Tx, visitor: &VisitorId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM identities WHERE visitor_id = ?";
    Ok(tx.first(sql, args![visitor], |row| row.int()).await?.unwrap_or_default() > 0)
}

/// Notes which visitor this user of a site is.
///
/// # Errors
/// [`crate::Error::Conflict`] when that user is a visitor already.
pub async fn bind(tx: &mut Tx, identity: &Identity, visitor: &VisitorId, now: Millis) -> Result<()> {
    let sql = "INSERT INTO identities (subject_hash, subject, visitor_id, created_at) VALUES (?, ?, ?, ?)";
    tx.exec(sql, args![&identity.key(), &identity.subject, visitor, now]).await.map(drop)
}

/// Gives a visitor, whose row this transaction has locked, another token beside those that it has; of too many the
/// oldest goes.
pub async fn add_token(tx: &mut Tx, visitor: &VisitorId, token: &TokenHash, now: Millis) -> Result<()> {
    let sql = "INSERT INTO visitor_tokens (token_hash, visitor_id, created_at) VALUES (?, ?, ?)";
    tx.exec(sql, args![token, visitor, now]).await?;
    let sql = "SELECT token_hash FROM visitor_tokens WHERE visitor_id = ? AND token_hash <> ? \
               ORDER BY created_at DESC, token_hash LIMIT ? OFFSET ?";
    let values = args![visitor, token, BROWSERS, BROWSERS - 1];
    let oldest = tx.list(sql, values, |row| Ok(TokenHash::from(row.text()?))).await?;
    for old in &oldest {
        tx.exec("DELETE FROM visitor_tokens WHERE token_hash = ?", args![old]).await?;
    }
    Ok(())
}

/// Leaves a visitor, whose row this transaction changes, this token of those that it has; answers whether it had others.
pub async fn keep_token(tx: &mut Tx, visitor: &VisitorId, token: &TokenHash) -> Result<bool> {
    // There is the one in its row, and further ones beside it; if this is a further one, it takes the place of that.
    let further = tx.exec("DELETE FROM visitor_tokens WHERE visitor_id = ?", args![visitor]).await?;
    let sql = "UPDATE visitors SET token_hash = ? WHERE id = ? AND token_hash <> ?";
    tx.exec(sql, args![token, visitor, token]).await?;
    Ok(further > 0)
}

/// Forgets whom sites know a visitor as, and its further tokens.
pub(crate) async fn forget(tx: &mut Tx, visitor: &VisitorId) -> Result<()> {
    tx.exec("DELETE FROM identities WHERE visitor_id = ?", args![visitor]).await?;
    tx.exec("DELETE FROM visitor_tokens WHERE visitor_id = ?", args![visitor]).await.map(drop)
}
