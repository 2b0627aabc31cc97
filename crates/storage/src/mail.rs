//! E-mails on their way, the links in them, and conversations about which nobody wants any.

use crate::error::Result;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::args;
use sqlx::AssertSqlSafe;
use switchboard_domain::{ConversationId, MailId, Millis, TokenHash, VisitorId};

/// About a reply that nobody has seen.
pub const REPLY: &str = "reply";
/// A conversation for whoever had it.
pub const TRANSCRIPT: &str = "transcript";

/// The purpose of a link that leads back.
pub const OPEN: &str = "open";
/// The purpose of a link that ends e-mails about a conversation.
pub const STOP: &str = "stop";

/// An e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its id; later ones sort behind. It makes the Message-ID.
    pub id: MailId,
    /// [`REPLY`] or [`TRANSCRIPT`].
    pub kind: String,
    /// About which conversation.
    pub conversation: ConversationId,
    /// To which visitor.
    pub visitor: VisitorId,
    /// To which address.
    pub recipient: String,
    /// Up to which entry it goes; of one kind there is one e-mail to each address for each.
    pub mark: i64,
    /// `due`, `sent`, `failed`, or `dropped` because the visitor came back first, or has another address now.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// In which time zone its times are written; UTC if nobody said.
    pub zone: Option<String>,
    /// When it is tried next.
    pub due_at: Option<Millis>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When it was made.
    pub created_at: Millis,
    /// When it was sent or given up.
    pub done_at: Option<Millis>,
}

macro_rules! columns {
    () => {
        "id, kind, conversation_id, visitor_id, recipient, mark, state, attempts, zone, due_at, error, created_at, done_at"
    };
}

fn read(row: &mut Row<'_>) -> Result<Mail> {
    Ok(Mail {
        id: row.parse()?,
        kind: row.text()?,
        conversation: row.parse()?,
        visitor: row.parse()?,
        recipient: row.text()?,
        mark: row.int()?,
        state: row.text()?,
        attempts: row.int()?,
        zone: row.maybe_text()?,
        due_at: row.maybe_int()?,
        error: row.maybe_text()?,
        created_at: row.int()?,
        done_at: row.maybe_int()?,
    })
}

/// Adds an e-mail, unless there is one of its kind to the same address for the same mark; answers whether it did.
pub async fn insert(tx: &mut Tx, mail: &Mail) -> Result<bool> {
    let sql = format!(
        concat!("{}mails (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        tx.dialect().insert_missing()
    );
    let values = args![
        &mail.id,
        &mail.kind,
        &mail.conversation,
        &mail.visitor,
        &mail.recipient,
        mail.mark,
        &mail.state,
        mail.attempts,
        &mail.zone,
        mail.due_at,
        &mail.error,
        mail.created_at,
        mail.done_at,
    ];
    Ok(tx.exec(AssertSqlSafe(sql), values).await? > 0)
}

/// Up to which entry the last e-mail of a kind about a conversation went that was sent or is on its way.
pub async fn mailed(tx: &mut Tx, conversation: &ConversationId, kind: &str) -> Result<Option<i64>> {
    let sql = "SELECT mark FROM mails WHERE conversation_id = ? AND kind = ? AND state IN ('due', 'sent') \
               ORDER BY mark DESC LIMIT 1";
    tx.first(sql, args![conversation, kind], |row| row.int()).await
}

/// Makes room for another e-mail like one that was given up, which stays what it was, and counts; nothing happens to one
/// that is on its way or was sent.
pub async fn set_aside(tx: &mut Tx, mail: &Mail) -> Result<()> {
    let sql = "SELECT MIN(mark) FROM mails WHERE conversation_id = ? AND kind = ?";
    let lowest = tx.first(sql, args![&mail.conversation, &mail.kind], |row| row.maybe_int()).await?.flatten();
    // No e-mail is about an entry before the first.
    let aside = lowest.unwrap_or_default().min(0) - 1;
    let sql = "UPDATE mails SET mark = ? \
               WHERE conversation_id = ? AND kind = ? AND mark = ? AND recipient = ? AND state IN ('failed', 'dropped')";
    let values = args![aside, &mail.conversation, &mail.kind, mail.mark, &mail.recipient];
    tx.exec(sql, values).await.map(drop)
}

/// What is counted of an e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// To which visitor.
    pub visitor: VisitorId,
    /// To which address.
    pub recipient: String,
    /// When.
    pub at: Millis,
}

/// E-mails of a kind that were made since then, whatever became of them; of more than `limit` the newest.
pub async fn made_since(tx: &mut Tx, kind: &str, since: Millis, limit: i64) -> Result<Vec<Made>> {
    let sql = "SELECT visitor_id, recipient, created_at FROM mails WHERE id >= ? AND kind = ? ORDER BY id DESC LIMIT ?";
    let read = |row: &mut Row<'_>| Ok(Made { visitor: row.parse()?, recipient: row.text()?, at: row.int()? });
    tx.list(sql, args![&MailId::first_of(since), kind, limit], read).await
}

/// See [`claim`] and [`crate::sweep::look`].
pub(crate) const DUE: &str = "SELECT id FROM mails WHERE due_at <= ? LIMIT ?";

/// E-mails that are due and that nobody else has locked, oldest first, locked until the commit.
pub async fn claim(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<Mail>> {
    let lock = tx.dialect().try_update();
    let sql = format!(
        concat!("SELECT ", columns!(), " FROM mails WHERE due_at <= ? ORDER BY due_at, id LIMIT ?{}"),
        lock
    );
    tx.list(AssertSqlSafe(sql), args![now, limit], read).await
}

/// Writes how it goes with an e-mail.
pub async fn note(tx: &mut Tx, mail: &Mail) -> Result<()> {
    let sql = "UPDATE mails SET state = ?, attempts = ?, due_at = ?, error = ?, done_at = ? WHERE id = ?";
    let values = args![&mail.state, mail.attempts, mail.due_at, &mail.error, mail.done_at, &mail.id];
    tx.exec(sql, values).await.map(drop)
}

/// E-mails, newest first, from the one before `before`.
pub async fn list(tx: &mut Tx, before: Option<&MailId>, limit: i64) -> Result<Vec<Mail>> {
    // Behind every character of an id.
    let before = before.map_or("~", MailId::as_str);
    let sql = concat!("SELECT ", columns!(), " FROM mails WHERE id < ? ORDER BY id DESC LIMIT ?");
    tx.list(sql, args![before, limit], read).await
}

/// What a link in an e-mail is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The hash of its secret.
    pub secret: TokenHash,
    /// [`OPEN`] or [`STOP`].
    pub purpose: String,
    /// Which conversation.
    pub conversation: ConversationId,
    /// Whose, when the e-mail was sent.
    pub visitor: VisitorId,
    /// When it ends.
    pub expires_at: Millis,
}

/// Adds a link.
pub async fn insert_link(tx: &mut Tx, link: &Link) -> Result<()> {
    let sql = "INSERT INTO mail_links (secret_hash, purpose, conversation_id, visitor_id, expires_at) VALUES (?, ?, ?, ?, ?)";
    let values = args![&link.secret, &link.purpose, &link.conversation, &link.visitor, link.expires_at];
    tx.exec(sql, values).await.map(drop)
}

/// The link of this secret and purpose, if it has not ended.
pub async fn link(tx: &mut Tx, secret: &TokenHash, purpose: &str, now: Millis) -> Result<Option<Link>> {
    let sql = "SELECT secret_hash, purpose, conversation_id, visitor_id, expires_at FROM mail_links \
               WHERE secret_hash = ? AND purpose = ? AND expires_at > ?";
    let read = |row: &mut Row<'_>| {
        Ok(Link {
            secret: TokenHash::from(row.text()?),
            purpose: row.text()?,
            conversation: row.parse()?,
            visitor: row.parse()?,
            expires_at: row.int()?,
        })
    };
    tx.first(sql, args![secret, purpose, now], read).await
}

/// Ends the links that lead to a visitor.
pub async fn end_links(tx: &mut Tx, visitor: &VisitorId) -> Result<()> {
    let sql = "DELETE FROM mail_links WHERE visitor_id = ? AND purpose = ?";
    tx.exec(sql, args![visitor, OPEN]).await.map(drop)
}

/// Gives a visitor the links by which another one has no more e-mails: these let nobody in, and go on working.
pub(crate) async fn move_stops(tx: &mut Tx, from: &VisitorId, into: &VisitorId) -> Result<()> {
    let sql = "UPDATE mail_links SET visitor_id = ? WHERE visitor_id = ? AND purpose = ?";
    tx.exec(sql, args![into, from, STOP]).await.map(drop)
}

/// Notes that nobody wants e-mails about a conversation.
pub async fn stop(tx: &mut Tx, conversation: &ConversationId, now: Millis) -> Result<()> {
    let sql = format!("{}mail_stops (conversation_id, since) VALUES (?, ?)", tx.dialect().insert_missing());
    tx.exec(AssertSqlSafe(sql), args![conversation, now]).await.map(drop)
}

/// Whether nobody wants any.
pub async fn is_stopped(tx: &mut Tx, conversation: &ConversationId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM mail_stops WHERE conversation_id = ?";
    Ok(tx.first(sql, args![conversation], |row| row.int()).await?.unwrap_or_default() > 0)
}

/// Forgets e-mails that were done before `before` and links that have ended: at most `limit` of each.
pub async fn sweep(tx: &mut Tx, before: Millis, now: Millis, limit: i64) -> Result<()> {
    let sql = "SELECT id FROM mails WHERE done_at < ? ORDER BY done_at LIMIT ?";
    let old: Vec<MailId> = tx.list(sql, args![before, limit], |row| row.parse()).await?;
    for id in &old {
        tx.exec("DELETE FROM mails WHERE id = ?", args![id]).await?;
    }
    let sql = "SELECT secret_hash FROM mail_links WHERE expires_at < ? ORDER BY expires_at LIMIT ?";
    let ended = tx.list(sql, args![now, limit], |row| Ok(TokenHash::from(row.text()?))).await?;
    for secret in &ended {
        tx.exec("DELETE FROM mail_links WHERE secret_hash = ?", args![secret]).await?;
    }
    Ok(())
}

/// Forgets a visitor's e-mails and links, sent or not.
pub(crate) async fn forget(tx: &mut Tx, visitor: &VisitorId) -> Result<()> {
    tx.exec("DELETE FROM mail_links WHERE visitor_id = ?", args![visitor]).await?;
    tx.exec("DELETE FROM mails WHERE visitor_id = ?", args![visitor]).await.map(drop)
}
