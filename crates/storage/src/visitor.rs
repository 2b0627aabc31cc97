//! End users.

use crate::error::Result;
use crate::limits;
use crate::many;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use std::collections::HashSet;
use switchboard_domain::{Millis, TokenHash, VisitorId};

/// A visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The id.
    pub id: VisitorId,
    /// The hash of the token that proves it.
    pub token: TokenHash,
    /// The name, if given; at most 255 characters.
    pub name: Option<String>,
    /// The e-mail address, if given; at most 255 characters.
    pub email: Option<String>,
    /// The language, if known; at most 64 characters.
    pub locale: Option<String>,
    /// The page that the visitor came from; at most 500 characters.
    pub page: Option<String>,
    /// The inbox; at most 255 characters.
    pub inbox: Option<String>,
    /// Whether the host site vouches for name and address.
    pub verified: bool,
    /// When first seen.
    pub created_at: Millis,
    /// When last seen, roughly.
    pub last_seen_at: Millis,
    /// Until when it is banned, if it ever was: see [`crate::ban`]. [`Millis::MAX`] is for ever.
    pub banned_until: Option<Millis>,
}

impl Visitor {
    /// Until when it may not act, if that is not over.
    pub fn banned(&self, now: Millis) -> Option<Millis> {
        self.banned_until.filter(|until| now < *until)
    }
}

macro_rules! columns {
    () => {
        "id, token_hash, name, email, locale, page, inbox, verified, created_at, last_seen_at"
    };
}

/// Whoever loads a visitor learns of its bans by the same statement: a look-up by primary key. In one that locks, a ban
/// either came before and is seen, or waits for the commit.
macro_rules! select {
    () => {
        "SELECT v.id, v.token_hash, v.name, v.email, v.locale, v.page, v.inbox, v.verified, v.created_at, \
         v.last_seen_at, b.ends_at FROM visitors v LEFT JOIN banned_visitors b ON b.visitor_id = v.id"
    };
}

fn read(row: &mut Row<'_>) -> Result<Visitor> {
    Ok(Visitor {
        id: row.parse()?,
        token: TokenHash::from(row.text()?),
        name: row.maybe_text()?,
        email: row.maybe_text()?,
        locale: row.maybe_text()?,
        page: row.maybe_text()?,
        inbox: row.maybe_text()?,
        verified: row.flag()?,
        created_at: row.int()?,
        last_seen_at: row.int()?,
        banned_until: row.maybe_int()?,
    })
}

/// A visitor whom several bans have met is there several times; the last of them to end counts.
fn merged(rows: Vec<Visitor>) -> Vec<Visitor> {
    let mut found: Vec<Visitor> = Vec::with_capacity(rows.len());
    for row in rows {
        match found.last_mut().filter(|last| last.id == row.id && last.token == row.token) {
            Some(last) => last.banned_until = last.banned_until.max(row.banned_until),
            None => found.push(row),
        }
    }
    found
}

/// The visitor of this id.
pub async fn get(tx: &mut Tx, id: &VisitorId) -> Result<Option<Visitor>> {
    Ok(merged(tx.list(concat!(select!(), " WHERE v.id = ?"), args![id], read).await?).pop())
}

/// The visitor of this id, locked in share mode until the commit.
pub async fn share(tx: &mut Tx, id: &VisitorId) -> Result<Option<Visitor>> {
    let sql = format!(concat!(select!(), " WHERE v.id = ?{}"), tx.dialect().share());
    Ok(merged(tx.list(AssertSqlSafe(sql), args![id], read).await?).pop())
}

/// The visitors of these ids, locked for changing them until the commit, by id; those that do not exist are left out.
pub async fn lock_ids(tx: &mut Tx, ids: &[VisitorId]) -> Result<Vec<VisitorId>> {
    let mut ids: Vec<&VisitorId> = ids.iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(|&id| id.into()).collect();
        let places = many::places(many::pad(&mut values, 1));
        let lock = tx.dialect().update();
        let sql = format!("SELECT id FROM visitors WHERE id IN ({places}) ORDER BY id{lock}");
        found.extend(tx.list(AssertSqlSafe(sql), &values, |row| row.parse()).await?);
    }
    Ok(found)
}

/// Who acts with this token, locked in share mode until the commit.
pub async fn lock(tx: &mut Tx, token: &TokenHash) -> Result<Option<Visitor>> {
    Ok(lock_many(tx, std::slice::from_ref(token)).await?.pop())
}

/// The same for a batch, in the order of the visitors' ids. Unknown tokens are left out.
pub async fn lock_many(tx: &mut Tx, tokens: &[TokenHash]) -> Result<Vec<Visitor>> {
    select(tx, tokens, tx.dialect().share()).await
}

/// As [`lock_many`] without waiting: those that another transaction has locked are left out.
pub async fn try_lock_many(tx: &mut Tx, tokens: &[TokenHash]) -> Result<Vec<Visitor>> {
    select(tx, tokens, tx.dialect().try_share()).await
}

/// The same without a lock.
pub async fn by_token(tx: &mut Tx, token: &TokenHash) -> Result<Option<Visitor>> {
    Ok(by_tokens(tx, std::slice::from_ref(token)).await?.pop())
}

/// The visitors of these tokens, by id; unknown tokens are left out.
pub async fn by_tokens(tx: &mut Tx, tokens: &[TokenHash]) -> Result<Vec<Visitor>> {
    select(tx, tokens, "").await
}

async fn select(tx: &mut Tx, tokens: &[TokenHash], lock: &str) -> Result<Vec<Visitor>> {
    let mut found = Vec::with_capacity(tokens.len());
    for chunk in tokens.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
        let places = many::places(many::pad(&mut values, 1));
        let sql = format!(concat!(select!(), " WHERE v.token_hash IN ({}) ORDER BY v.id{}"), places, lock);
        found.extend(merged(tx.list(AssertSqlSafe(sql), &values, read).await?));
    }
    if found.len() < tokens.len() {
        let known: HashSet<&TokenHash> = found.iter().map(|row| &row.token).collect();
        let missing: Vec<&TokenHash> = tokens.iter().filter(|&token| !known.contains(token)).collect();
        let more = elsewhere(tx, &missing, lock).await?;
        found.extend(more);
        found.sort_by(|a, b| a.id.cmp(&b.id));
    }
    Ok(found)
}

/// The visitors of tokens that they have beside their first one. Those who have only one never come here.
async fn elsewhere(tx: &mut Tx, tokens: &[&TokenHash], lock: &str) -> Result<Vec<Visitor>> {
    let mut found = Vec::new();
    for chunk in tokens.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(|&token| token.into()).collect();
        let places = many::places(many::pad(&mut values, 1));
        let sql = format!(
            "SELECT v.id, t.token_hash, v.name, v.email, v.locale, v.page, v.inbox, v.verified, v.created_at, \
             v.last_seen_at, b.ends_at FROM visitor_tokens t JOIN visitors v ON v.id = t.visitor_id \
             LEFT JOIN banned_visitors b ON b.visitor_id = v.id WHERE t.token_hash IN ({places}) \
             ORDER BY v.id, t.token_hash{lock}"
        );
        found.extend(merged(tx.list(AssertSqlSafe(sql), &values, read).await?));
    }
    Ok(found)
}

/// Adds a visitor.
pub async fn insert(tx: &mut Tx, visitor: &Visitor) -> Result<()> {
    let sql = concat!("INSERT INTO visitors (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    tx.exec(
        sql,
        args![
            &visitor.id,
            &visitor.token,
            &visitor.name,
            &visitor.email,
            &visitor.locale,
            &visitor.page,
            &visitor.inbox,
            visitor.verified,
            visitor.created_at,
            visitor.last_seen_at,
        ],
    )
    .await
    .map(drop)
}

/// Writes what a visitor may change (all but id, token and `created_at`); answers whether the visitor is there.
/// The conversations keep name and address too: see [`crate::conversation::rename_visitor`].
pub async fn update(tx: &mut Tx, visitor: &Visitor) -> Result<bool> {
    let sql = "UPDATE visitors SET name = ?, email = ?, locale = ?, page = ?, inbox = ?, verified = ?, \
               last_seen_at = ? WHERE id = ?";
    let values = args![
        &visitor.name,
        &visitor.email,
        &visitor.locale,
        &visitor.page,
        &visitor.inbox,
        visitor.verified,
        visitor.last_seen_at,
        &visitor.id,
    ];
    Ok(tx.exec(sql, values).await? > 0)
}

/// Notes that these visitors were seen.
pub async fn touch(tx: &mut Tx, ids: &[VisitorId], now: Millis) -> Result<()> {
    for chunk in ids.chunks(limits::KEYS) {
        let mut keys: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
        let places = many::places(many::pad(&mut keys, 1));
        let mut values: Vec<Value<'_>> = vec![now.into(), now.into()];
        values.extend(keys);
        let sql = format!("UPDATE visitors SET last_seen_at = ? WHERE last_seen_at < ? AND id IN ({places})");
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    Ok(())
}
