//! Canned replies.

use crate::error::{Error, Result};
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use switchboard_domain::canned::Holder;
use switchboard_domain::{CannedId, Millis};

/// A text that agents send again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canned {
    /// Its id.
    pub id: CannedId,
    /// Whose it is.
    pub holder: Holder,
    /// What is typed to find it, unique for its holder.
    pub shortcut: String,
    /// The text.
    pub text: String,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last changed.
    pub updated_at: Millis,
}

/// Which ones a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// Those that admins keep: of every team, and everybody's.
    Shared,
    /// Those of these holders.
    Of(&'a [Holder]),
}

macro_rules! columns {
    () => {
        "id, scope, holder, shortcut, text, created_at, updated_at"
    };
}

fn read(row: &mut Row<'_>) -> Result<Canned> {
    let id = row.parse()?;
    let (scope, holder) = (row.str()?, row.str()?);
    Ok(Canned {
        id,
        holder: Holder::of(scope, holder).ok_or_else(|| Error::spoilt("scope", scope))?,
        shortcut: row.text()?,
        text: row.text()?,
        created_at: row.int()?,
        updated_at: row.int()?,
    })
}

/// The one of this id.
pub async fn get(tx: &mut Tx, id: &CannedId) -> Result<Option<Canned>> {
    tx.first(concat!("SELECT ", columns!(), " FROM canned_replies WHERE id = ?"), args![id], read).await
}

/// By shortcut, from the one after `after`, which is a shortcut and an id.
pub async fn list(
    tx: &mut Tx,
    whose: Whose<'_>,
    after: Option<(&str, &CannedId)>,
    limit: i64,
) -> Result<Vec<Canned>> {
    let mut values: Vec<Value<'_>> = Vec::new();
    let whose = match whose {
        Whose::Shared => "scope <> 'own'".to_owned(),
        Whose::Of([]) => return Ok(Vec::new()),
        Whose::Of(holders) => {
            values.extend(holders.iter().flat_map(|holder| [holder.scope(), holder.id()].map(Value::from)));
            vec!["scope = ? AND holder = ?"; holders.len()].join(" OR ")
        }
    };
    let (shortcut, id) = after.map_or(("", ""), |(shortcut, id)| (shortcut, id.as_str()));
    values.extend_from_slice(args![shortcut, shortcut, id, limit]);
    let sql = format!(
        concat!(
            "SELECT ",
            columns!(),
            " FROM canned_replies WHERE ({}) AND (shortcut > ? OR (shortcut = ? AND id > ?)) \
             ORDER BY shortcut, id LIMIT ?"
        ),
        whose
    );
    tx.list(AssertSqlSafe(sql), &values, read).await
}

/// How many this holder has.
pub async fn count(tx: &mut Tx, holder: &Holder) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM canned_replies WHERE scope = ? AND holder = ?";
    Ok(tx.first(sql, args![holder.scope(), holder.id()], |row| row.int()).await?.unwrap_or_default())
}

/// Adds one.
///
/// # Errors
/// [`Error::Conflict`] with [`crate::Unique::Shortcut`] when its holder has one of this shortcut.
pub async fn insert(tx: &mut Tx, canned: &Canned) -> Result<()> {
    let Canned { id, holder, shortcut, text, created_at, updated_at } = canned;
    let sql = concat!("INSERT INTO canned_replies (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?, ?)");
    let values = args![id, holder.scope(), holder.id(), shortcut, text, *created_at, *updated_at];
    tx.exec(sql, values).await.map(drop)
}

/// Writes shortcut and text; answers whether it is there.
///
/// # Errors
/// As [`insert`].
pub async fn update(tx: &mut Tx, canned: &Canned) -> Result<bool> {
    let sql = "UPDATE canned_replies SET shortcut = ?, text = ?, updated_at = ? WHERE id = ?";
    let values = args![&canned.shortcut, &canned.text, canned.updated_at, &canned.id];
    Ok(tx.exec(sql, values).await? > 0)
}

/// Deletes one; answers whether it was there.
pub async fn delete(tx: &mut Tx, id: &CannedId) -> Result<bool> {
    Ok(tx.exec("DELETE FROM canned_replies WHERE id = ?", args![id]).await? > 0)
}
