//! Saved views.

use crate::error::{Error, Result};
use crate::row::Row;
use crate::tx::Tx;
use crate::value::args;
use switchboard_domain::saved_view::{Audience, Filter};
use switchboard_domain::{AccountId, Millis, SavedViewId};

/// A list of conversations under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: SavedViewId,
    /// For whom it is.
    pub audience: Audience,
    /// Its name, unique for whom it is.
    pub name: String,
    /// What it shows.
    pub filter: Filter,
    /// Who saved it.
    pub keeper: AccountId,
    /// That agent's name.
    pub keeper_name: String,
    /// When it was saved.
    pub created_at: Millis,
    /// When it was last changed.
    pub updated_at: Millis,
}

impl SavedView {
    fn holder(&self) -> &str {
        match self.audience {
            Audience::Own => self.keeper.as_str(),
            Audience::All => "",
        }
    }

    fn json(&self) -> String {
        serde_json::to_string(&self.filter).unwrap_or_default()
    }
}

macro_rules! columns {
    () => {
        "id, holder, name, filter, keeper_id, keeper_name, created_at, updated_at"
    };
}

fn read(row: &mut Row<'_>) -> Result<SavedView> {
    let id = row.parse()?;
    let audience = if row.str()?.is_empty() { Audience::All } else { Audience::Own };
    let (name, filter) = (row.text()?, row.str()?);
    Ok(SavedView {
        id,
        audience,
        name,
        filter: serde_json::from_str(filter).map_err(|_| Error::spoilt("filter", filter))?,
        keeper: row.parse()?,
        keeper_name: row.text()?,
        created_at: row.int()?,
        updated_at: row.int()?,
    })
}

/// The one of this id.
pub async fn get(tx: &mut Tx, id: &SavedViewId) -> Result<Option<SavedView>> {
    tx.first(concat!("SELECT ", columns!(), " FROM saved_views WHERE id = ?"), args![id], read).await
}

/// Everybody's and, of an agent, its own, by name.
pub async fn list(tx: &mut Tx, agent: Option<&AccountId>, limit: i64) -> Result<Vec<SavedView>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM saved_views WHERE holder = '' OR holder = ? ORDER BY name, holder LIMIT ?"
    );
    tx.list(sql, args![agent.map_or("", AccountId::as_str), limit], read).await
}

/// How many there are for everybody, or of one agent's own.
pub async fn count(tx: &mut Tx, audience: Audience, agent: &AccountId) -> Result<i64> {
    let holder = match audience {
        Audience::Own => agent.as_str(),
        Audience::All => "",
    };
    let sql = "SELECT COUNT(*) FROM saved_views WHERE holder = ?";
    Ok(tx.first(sql, args![holder], |row| row.int()).await?.unwrap_or_default())
}

/// Adds one.
///
/// # Errors
/// [`Error::Conflict`] with [`crate::Unique::ViewName`] when there is one of this name for the same people.
pub async fn insert(tx: &mut Tx, view: &SavedView) -> Result<()> {
    let sql = concat!("INSERT INTO saved_views (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    let filter = view.json();
    let values = args![
        &view.id,
        view.holder(),
        &view.name,
        &filter,
        &view.keeper,
        &view.keeper_name,
        view.created_at,
        view.updated_at
    ];
    tx.exec(sql, values).await.map(drop)
}

/// Writes name and filter.
///
/// # Errors
/// As [`insert`].
pub async fn update(tx: &mut Tx, view: &SavedView) -> Result<()> {
    let sql = "UPDATE saved_views SET name = ?, filter = ?, updated_at = ? WHERE id = ?";
    let filter = view.json();
    tx.exec(sql, args![&view.name, &filter, view.updated_at, &view.id]).await.map(drop)
}

/// Deletes one.
pub async fn delete(tx: &mut Tx, id: &SavedViewId) -> Result<()> {
    tx.exec("DELETE FROM saved_views WHERE id = ?", args![id]).await.map(drop)
}
