//! Bans, and the visitors whom they have met. What a ban is for is looked at when a visitor arrives; from then on the
//! visitor itself is what is banned, so that whoever loads it learns of that by the same statement.

use crate::error::{Error, Result};
use crate::limits;
use crate::many;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use switchboard_domain::ban::Banned;
use switchboard_domain::{AccountId, BanId, Millis, VisitorId};

/// When a ban ends that never does.
pub const NEVER: Millis = Millis::MAX;

/// What stands for the ban of a visitor who was erased; no ban has this id.
pub const ERASED: &str = "erased";

/// A ban.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ban {
    /// Its id; later ones sort behind.
    pub id: BanId,
    /// Whom it is for; there is one of each at a time.
    pub banned: Banned,
    /// Why; may be empty.
    pub reason: String,
    /// When it ends, or [`NEVER`].
    pub ends_at: Millis,
    /// Who made it.
    pub by_id: Option<AccountId>,
    /// That one's name.
    pub by_name: String,
    /// When it was made.
    pub created_at: Millis,
}

macro_rules! columns {
    () => {
        "id, kind, value, reason, ends_at, by_id, by_name, created_at"
    };
}

fn read(row: &mut Row<'_>) -> Result<Ban> {
    let id = row.parse()?;
    let (kind, value) = (row.str()?, row.str()?);
    Ok(Ban {
        id,
        banned: Banned::of(kind, value).ok_or_else(|| Error::spoilt("kind", kind))?,
        reason: row.text()?,
        ends_at: row.int()?,
        by_id: row.maybe_parse()?,
        by_name: row.text()?,
        created_at: row.int()?,
    })
}

/// The one of this id.
pub async fn get(tx: &mut Tx, id: &BanId) -> Result<Option<Ban>> {
    tx.first(concat!("SELECT ", columns!(), " FROM bans WHERE id = ?"), args![id], read).await
}

/// The one that is for this.
pub async fn of(tx: &mut Tx, banned: &Banned) -> Result<Option<Ban>> {
    let sql = concat!("SELECT ", columns!(), " FROM bans WHERE kind = ? AND value = ?");
    tx.first(sql, args![banned.kind(), banned.value()], read).await
}

/// Those not over at `now`, newest first, from the one before `before`.
pub async fn list(tx: &mut Tx, now: Millis, before: Option<&BanId>, limit: i64) -> Result<Vec<Ban>> {
    // Behind every character of an id.
    let before = before.map_or("~", BanId::as_str);
    let sql =
        concat!("SELECT ", columns!(), " FROM bans WHERE ends_at > ? AND id < ? ORDER BY id DESC LIMIT ?");
    tx.list(sql, args![now, before, limit], read).await
}

/// Those that meet whoever comes with this e-mail address (as [`switchboard_domain::ban::email_key`] writes it) from
/// this address.
pub async fn meeting(
    tx: &mut Tx,
    email: Option<&str>,
    address: Option<&str>,
    now: Millis,
) -> Result<Vec<Ban>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM bans WHERE ends_at > ? AND ((kind = 'email' AND value = ?) OR (kind = 'address' AND value = ?))"
    );
    tx.list(sql, args![now, email, address], read).await
}

/// Adds one.
///
/// # Errors
/// [`Error::Conflict`] with [`crate::Unique::Banned`] when there is one for the same.
pub async fn insert(tx: &mut Tx, ban: &Ban) -> Result<()> {
    let Ban { id, banned, reason, ends_at, by_id, by_name, created_at } = ban;
    let sql = concat!("INSERT INTO bans (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    let values = args![id, banned.kind(), banned.value(), reason, *ends_at, by_id, by_name, *created_at];
    tx.exec(sql, values).await.map(drop)
}

/// Makes one last for another time, also for those whom it has met; `now` is when they are met again.
pub async fn change(tx: &mut Tx, ban: &Ban, now: Millis) -> Result<()> {
    let sql = "UPDATE bans SET reason = ?, ends_at = ?, by_id = ?, by_name = ? WHERE id = ?";
    tx.exec(sql, args![&ban.reason, ban.ends_at, &ban.by_id, &ban.by_name, &ban.id]).await?;
    let sql = "UPDATE banned_visitors SET ends_at = ?, since = ? WHERE ban_id = ?";
    tx.exec(sql, args![ban.ends_at, now, &ban.id]).await.map(drop)
}

/// Ends one, for all whom it has met; answers whether it was there.
pub async fn delete(tx: &mut Tx, id: &BanId) -> Result<bool> {
    tx.exec("DELETE FROM banned_visitors WHERE ban_id = ?", args![id]).await?;
    Ok(tx.exec("DELETE FROM bans WHERE id = ?", args![id]).await? > 0)
}

/// Notes that a ban (or [`ERASED`]) has met these visitors, whose rows this transaction has locked.
pub async fn meet(
    tx: &mut Tx,
    ban: &str,
    ends_at: Millis,
    visitors: &[VisitorId],
    now: Millis,
) -> Result<()> {
    for piece in many::pieces(visitors) {
        let values: Vec<Value<'_>> = piece
            .iter()
            .flat_map(|visitor| [visitor.into(), ban.into(), Value::from(ends_at), Value::from(now)])
            .collect();
        let sql = format!(
            "INSERT INTO banned_visitors (visitor_id, ban_id, ends_at, since) VALUES {}{}",
            many::tuples(piece.len(), 4),
            tx.dialect().upsert("visitor_id, ban_id", &["ends_at", "since"])
        );
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    Ok(())
}

/// Whom bans have met since then and are not over, newest first, at most `limit`.
pub async fn met_since(tx: &mut Tx, since: Millis, now: Millis, limit: i64) -> Result<Vec<VisitorId>> {
    let sql =
        "SELECT visitor_id FROM banned_visitors WHERE since >= ? AND ends_at > ? ORDER BY since DESC LIMIT ?";
    tx.list(sql, args![since, now, limit], |row| row.parse()).await
}

/// See [`sweep`].
pub(crate) const BANS_OVER: &str = "SELECT id FROM bans WHERE ends_at <= ? LIMIT ?";
/// See [`sweep`].
pub(crate) const MET_OVER: &str = "SELECT visitor_id FROM banned_visitors WHERE ends_at <= ? LIMIT ?";

/// Forgets bans that are over, and whom they have met; at most `limit` of each.
pub async fn sweep(tx: &mut Tx, now: Millis, limit: i64) -> Result<()> {
    let bans: Vec<BanId> = tx.list(BANS_OVER, args![now, limit], |row| row.parse()).await?;
    for id in &bans {
        delete(tx, id).await?;
    }
    let visitors: Vec<VisitorId> = tx.list(MET_OVER, args![now, limit], |row| row.parse()).await?;
    for chunk in visitors.chunks(limits::KEYS) {
        let mut keys: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
        let places = many::places(many::pad(&mut keys, 1));
        keys.push(now.into());
        let sql = format!("DELETE FROM banned_visitors WHERE visitor_id IN ({places}) AND ends_at <= ?");
        tx.exec(AssertSqlSafe(sql), &keys).await?;
    }
    Ok(())
}
