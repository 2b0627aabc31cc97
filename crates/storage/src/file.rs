//! Files in conversations: a row each, and what is in them in pieces.

use crate::error::Result;
use crate::many;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use switchboard_domain::file::FileKind;
use switchboard_domain::{ConversationId, FileId, Millis};

/// A file, without what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// Whose it is.
    pub conversation: ConversationId,
    /// Who uploaded it, see [`switchboard_domain::Author::sender`].
    pub uploader: String,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// What is stored of it so far, in bytes.
    pub size: i64,
    /// Whether it is whole.
    pub sealed: bool,
    /// Whether a message names it that the visitor sees.
    pub public: bool,
    /// When its upload began.
    pub created_at: Millis,
    /// When it is swept; never once a message or note names it.
    pub expires_at: Option<Millis>,
}

macro_rules! columns {
    () => {
        "id, conversation_id, uploader, name, type, size, sealed, public, created_at, expires_at"
    };
}

fn read(row: &mut Row<'_>) -> Result<File> {
    Ok(File {
        id: row.parse()?,
        conversation: row.parse()?,
        uploader: row.text()?,
        name: row.text()?,
        kind: row.parse().unwrap_or(FileKind::Other),
        size: row.int()?,
        sealed: row.flag()?,
        public: row.flag()?,
        created_at: row.int()?,
        expires_at: row.maybe_int()?,
    })
}

/// The file of this id.
pub async fn get(tx: &mut Tx, id: &FileId) -> Result<Option<File>> {
    tx.first(concat!("SELECT ", columns!(), " FROM files WHERE id = ?"), args![id], read).await
}

/// The file, locked for changing it until the commit.
pub async fn lock(tx: &mut Tx, id: &FileId) -> Result<Option<File>> {
    let sql = format!(concat!("SELECT ", columns!(), " FROM files WHERE id = ?{}"), tx.dialect().update());
    tx.first(AssertSqlSafe(sql), args![id], read).await
}

/// These files as far as they exist and nobody else has them locked, locked for changing them, in the order of their
/// ids. What is locked by somebody else is being uploaded or swept.
pub async fn try_lock_many(tx: &mut Tx, ids: &[FileId]) -> Result<Vec<File>> {
    let mut values: Vec<Value<'_>> = ids.iter().map(Value::from).collect();
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let places = many::places(many::pad(&mut values, 1));
    let lock = tx.dialect().try_update();
    let sql =
        format!(concat!("SELECT ", columns!(), " FROM files WHERE id IN ({}) ORDER BY id{}"), places, lock);
    tx.list(AssertSqlSafe(sql), &values, read).await
}

/// How many bytes the files of a conversation have.
pub async fn bytes_of(tx: &mut Tx, conversation: &ConversationId) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(SUM(size), 0) AS SIGNED) FROM files WHERE conversation_id = ?";
    Ok(tx.first(sql, args![conversation], |row| row.int()).await?.unwrap_or_default())
}

/// Adds a file.
pub async fn insert(tx: &mut Tx, file: &File) -> Result<()> {
    let sql = concat!("INSERT INTO files (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    let kind = file.kind.media_type();
    let values = args![
        &file.id,
        &file.conversation,
        &file.uploader,
        &file.name,
        kind,
        file.size,
        file.sealed,
        file.public,
        file.created_at,
        file.expires_at
    ];
    tx.exec(sql, values).await.map(drop)
}

/// Writes how much of a file there is, whether it is whole, and when it is swept.
pub async fn grow(tx: &mut Tx, file: &File) -> Result<()> {
    let sql = "UPDATE files SET size = ?, sealed = ?, expires_at = ? WHERE id = ?";
    tx.exec(sql, args![file.size, file.sealed, file.expires_at, &file.id]).await.map(drop)
}

/// Says of files that a message names them, or a note if not `public`: they stay, and cannot be named again.
pub async fn keep(tx: &mut Tx, ids: &[FileId], public: bool) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut keys: Vec<Value<'_>> = ids.iter().map(Value::from).collect();
    let places = many::places(many::pad(&mut keys, 1));
    let mut values = vec![Value::from(public)];
    values.extend(keys);
    let sql = format!("UPDATE files SET expires_at = NULL, public = ? WHERE id IN ({places})");
    tx.exec(AssertSqlSafe(sql), &values).await.map(drop)
}

/// Adds a piece.
pub async fn add_piece(tx: &mut Tx, id: &FileId, n: i64, data: &[u8]) -> Result<()> {
    let sql = "INSERT INTO file_chunks (file_id, n, data) VALUES (?, ?, ?)";
    tx.exec(sql, args![id, n, data]).await.map(drop)
}

/// A piece, if there is one of this number.
pub async fn piece(tx: &mut Tx, id: &FileId, n: i64) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT data FROM file_chunks WHERE file_id = ? AND n = ?";
    tx.first(sql, args![id, n], |row| row.bytes()).await
}

/// See [`expired`].
pub(crate) const EXPIRED: &str = "SELECT id FROM files WHERE expires_at < ? ORDER BY expires_at LIMIT ?";

/// Files that nobody has come to send, by then: the oldest ones, at most so many.
pub async fn expired(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<FileId>> {
    tx.list(EXPIRED, args![now, limit], |row| row.parse()).await
}

/// Deletes those of these files that have expired by then and that nobody else has locked; answers how many.
pub async fn sweep(tx: &mut Tx, ids: &[FileId], now: Millis) -> Result<u64> {
    let gone = try_lock_many(tx, ids).await?.into_iter();
    let gone: Vec<FileId> =
        gone.filter(|file| file.expires_at.is_some_and(|at| at < now)).map(|file| file.id).collect();
    delete(tx, &gone).await
}

/// Deletes files of a conversation, whoever uploaded them and whether they are sent or not: at most so many; answers how
/// many.
pub async fn erase(tx: &mut Tx, conversation: &ConversationId, limit: i64) -> Result<u64> {
    let sql = "SELECT id FROM files WHERE conversation_id = ? ORDER BY id LIMIT ?";
    let gone: Vec<FileId> = tx.list(sql, args![conversation, limit], |row| row.parse()).await?;
    delete(tx, &gone).await
}

async fn delete(tx: &mut Tx, ids: &[FileId]) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut values: Vec<Value<'_>> = ids.iter().map(Value::from).collect();
    let places = many::places(many::pad(&mut values, 1));
    let pieces = format!("DELETE FROM file_chunks WHERE file_id IN ({places})");
    tx.exec(AssertSqlSafe(pieces), &values).await?;
    let files = format!("DELETE FROM files WHERE id IN ({places})");
    tx.exec(AssertSqlSafe(files), &values).await
}
