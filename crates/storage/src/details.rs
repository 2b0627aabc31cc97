//! What is known of a visitor beside its own row: what it has answered, where it came from last, and by what it is
//! found.

use crate::error::{Error, Result};
use crate::page::prefix_end;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::args;
use sqlx::AssertSqlSafe;
use switchboard_domain::ban::email_key;
use switchboard_domain::{Attributes, VisitorId};

/// What is known of a visitor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// The e-mail address, as [`email_key`] writes it.
    pub email_key: Option<String>,
    /// Where it came from last, as [`switchboard_domain::ban::address_key`] writes it.
    pub address: Option<String>,
    /// What it has answered.
    pub attributes: Attributes,
}

fn read(row: &mut Row<'_>) -> Result<Details> {
    let (email_key, address, attributes) = (row.maybe_text()?, row.maybe_text()?, row.str()?);
    let attributes = serde_json::from_str(attributes).map_err(|_| Error::spoilt("attributes", attributes))?;
    Ok(Details { email_key, address, attributes })
}

/// What is known of this visitor; nothing is said of most.
pub async fn get(tx: &mut Tx, visitor: &VisitorId) -> Result<Details> {
    let sql = "SELECT email_key, address, attributes FROM visitor_details WHERE visitor_id = ?";
    Ok(tx.first(sql, args![visitor], read).await?.unwrap_or_default())
}

/// Writes it.
pub async fn put(tx: &mut Tx, visitor: &VisitorId, details: &Details) -> Result<()> {
    let attributes = serde_json::json!(details.attributes).to_string();
    let upsert = tx.dialect().upsert("visitor_id", &["email_key", "address", "attributes"]);
    let sql = format!(
        "INSERT INTO visitor_details (visitor_id, email_key, address, attributes) VALUES (?, ?, ?, ?){upsert}"
    );
    let values = args![visitor, &details.email_key, &details.address, &attributes];
    tx.exec(AssertSqlSafe(sql), values).await.map(drop)
}

/// Forgets it.
pub async fn delete(tx: &mut Tx, visitor: &VisitorId) -> Result<()> {
    tx.exec("DELETE FROM visitor_details WHERE visitor_id = ?", args![visitor]).await.map(drop)
}

/// Visitors with this e-mail address (a key), at most `limit` of those that are found by themselves and as many of
/// those that have conversations.
pub async fn of_email(tx: &mut Tx, key: &str, limit: i64) -> Result<Vec<VisitorId>> {
    let own = "SELECT visitor_id FROM visitor_details WHERE email_key = ? LIMIT ?";
    let mut found: Vec<VisitorId> = tx.list(own, args![key, limit], |row| row.parse()).await?;
    // Those who came before these details were kept.
    let talking = "SELECT DISTINCT visitor_id FROM conversations WHERE visitor_email_key = ? LIMIT ?";
    found.extend(tx.list(talking, args![key, limit], |row| row.parse()).await?);
    Ok(distinct(found))
}

/// Visitors who came from this address (a key) last, at most `limit`.
pub async fn of_address(tx: &mut Tx, key: &str, limit: i64) -> Result<Vec<VisitorId>> {
    let sql = "SELECT visitor_id FROM visitor_details WHERE address = ? LIMIT ?";
    tx.list(sql, args![key, limit], |row| row.parse()).await
}

/// Visitors whose e-mail address begins so, in any case: at most `limit`, in the order of the address.
pub async fn search(tx: &mut Tx, prefix: &str, limit: i64) -> Result<Vec<VisitorId>> {
    let from = email_key(prefix);
    let end = prefix_end(&from);
    let own = "SELECT visitor_id FROM visitor_details WHERE email_key >= ? AND email_key < ? \
               ORDER BY email_key, visitor_id LIMIT ?";
    let mut found: Vec<VisitorId> = tx.list(own, args![&from, &end, limit], |row| row.parse()).await?;
    let talking = "SELECT DISTINCT visitor_id FROM conversations \
                   WHERE visitor_email_key >= ? AND visitor_email_key < ? LIMIT ?";
    found.extend(tx.list(talking, args![&from, &end, limit], |row| row.parse()).await?);
    let mut found = distinct(found);
    found.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(found)
}

/// Each once, in their order.
fn distinct(mut found: Vec<VisitorId>) -> Vec<VisitorId> {
    let mut seen = std::collections::HashSet::new();
    found.retain(|id| seen.insert(id.clone()));
    found
}
