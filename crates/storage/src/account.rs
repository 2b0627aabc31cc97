//! Staff accounts.

use crate::error::Result;
use crate::many;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{Value, args, is_plain};
use sqlx::AssertSqlSafe;
use switchboard_domain::{Account, AccountId, Millis, Role};

macro_rules! columns {
    () => {
        "id, username, display_name, role, active, must_change_password, password_hash, capacity, created_at, updated_at"
    };
}

fn read(row: &mut Row<'_>) -> Result<Account> {
    Ok(Account {
        id: row.parse()?,
        username: row.text()?,
        display_name: row.text()?,
        role: row.parse()?,
        active: row.flag()?,
        must_change_password: row.flag()?,
        password_hash: row.text()?,
        capacity: row.int()?,
        created_at: row.int()?,
        updated_at: row.int()?,
    })
}

/// The account of this id.
pub async fn get(tx: &mut Tx, id: &AccountId) -> Result<Option<Account>> {
    tx.first(concat!("SELECT ", columns!(), " FROM accounts WHERE id = ?"), args![id], read).await
}

/// The same, locked until the commit: for changing it.
pub async fn lock(tx: &mut Tx, id: &AccountId) -> Result<Option<Account>> {
    let sql = format!(concat!("SELECT ", columns!(), " FROM accounts WHERE id = ?{}"), tx.dialect().update());
    tx.first(AssertSqlSafe(sql), args![id], read).await
}

/// These accounts as far as they exist, unlocked.
pub async fn get_many(tx: &mut Tx, ids: &[AccountId]) -> Result<Vec<Account>> {
    by_ids(tx, ids, "").await
}

/// These accounts as far as they exist, locked in share mode and in the order of their ids: nobody deactivates or
/// deletes them before the commit.
pub async fn share(tx: &mut Tx, ids: &[AccountId]) -> Result<Vec<Account>> {
    by_ids(tx, ids, tx.dialect().share()).await
}

async fn by_ids(tx: &mut Tx, ids: &[AccountId], lock: &str) -> Result<Vec<Account>> {
    let mut found = Vec::with_capacity(ids.len());
    let mut ids: Vec<&AccountId> = ids.iter().collect();
    ids.sort_unstable();
    for chunk in ids.chunks(crate::limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(|&id| id.into()).collect();
        let places = many::places(many::pad(&mut values, 1));
        let sql = format!(
            concat!("SELECT ", columns!(), " FROM accounts WHERE id IN ({}) ORDER BY id{}"),
            places, lock
        );
        found.extend(tx.list(AssertSqlSafe(sql), &values, read).await?);
    }
    Ok(found)
}

/// The account of this name.
pub async fn by_username(tx: &mut Tx, username: &str) -> Result<Option<Account>> {
    if !is_plain(username) {
        return Ok(None);
    }
    tx.first(concat!("SELECT ", columns!(), " FROM accounts WHERE username = ?"), args![username], read).await
}

/// The accounts of these names as far as they exist, unlocked.
pub async fn by_usernames(tx: &mut Tx, names: &[String]) -> Result<Vec<Account>> {
    let mut found = Vec::new();
    let names: Vec<&String> = names.iter().filter(|name| is_plain(name)).collect();
    for chunk in names.chunks(crate::limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(|name| name.as_str().into()).collect();
        let places = many::places(many::pad(&mut values, 1));
        let sql = format!(concat!("SELECT ", columns!(), " FROM accounts WHERE username IN ({})"), places);
        found.extend(tx.list(AssertSqlSafe(sql), &values, read).await?);
    }
    Ok(found)
}

/// The accounts of a role by username, from the one after `after`.
pub async fn list(tx: &mut Tx, role: Role, after: Option<&str>, limit: i64) -> Result<Vec<Account>> {
    let after = after.unwrap_or_default();
    if !is_plain(after) {
        return Ok(Vec::new());
    }
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM accounts WHERE role = ? AND username > ? ORDER BY username LIMIT ?"
    );
    tx.list(sql, args![role.as_str(), after, limit], read).await
}

/// How many accounts of a role there are, active or not.
pub async fn count(tx: &mut Tx, role: Role) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM accounts WHERE role = ?";
    Ok(tx.first(sql, args![role.as_str()], |row| row.int()).await?.unwrap_or_default())
}

/// Adds an account.
///
/// # Errors
/// [`crate::Error::Conflict`] with [`crate::Unique::Username`] when the name is taken.
pub async fn insert(tx: &mut Tx, account: &Account) -> Result<()> {
    let sql = concat!("INSERT INTO accounts (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    tx.exec(
        sql,
        args![
            &account.id,
            &account.username,
            &account.display_name,
            account.role.as_str(),
            account.active,
            account.must_change_password,
            &account.password_hash,
            account.capacity,
            account.created_at,
            account.updated_at,
        ],
    )
    .await
    .map(drop)
}

/// What of an account may be changed; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The name that people see.
    pub display_name: Option<String>,
    /// Whether it may do anything.
    pub active: Option<bool>,
    /// The new hash, and whether it must be changed at the next sign-in.
    pub password: Option<(String, bool)>,
    /// Most conversations at once.
    pub capacity: Option<i64>,
}

/// Changes an account; answers whether it is there.
pub async fn update(tx: &mut Tx, id: &AccountId, change: &Change, now: Millis) -> Result<bool> {
    let sql = "UPDATE accounts SET display_name = COALESCE(?, display_name), active = COALESCE(?, active), \
               password_hash = COALESCE(?, password_hash), must_change_password = COALESCE(?, must_change_password), \
               capacity = COALESCE(?, capacity), updated_at = ? WHERE id = ?";
    let (hash, must_change) =
        change.password.as_ref().map(|(hash, must)| (hash.as_str(), i64::from(*must))).unzip();
    let values = args![
        &change.display_name,
        change.active.map(i64::from),
        hash,
        must_change,
        change.capacity,
        now,
        id
    ];
    Ok(tx.exec(sql, values).await? > 0)
}

/// Deletes an account; answers whether it was there. Its sessions and presence are the caller's to end; what is
/// left of them is swept.
pub async fn delete(tx: &mut Tx, id: &AccountId) -> Result<bool> {
    Ok(tx.exec("DELETE FROM accounts WHERE id = ?", args![id]).await? > 0)
}
