//! Two visitors turn out to be one person: everything of one becomes the other's.

use crate::error::Result;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::args;
use crate::{ban, conversation, details, mail, visitor};
use switchboard_domain::attributes::ATTRIBUTES;
use switchboard_domain::{Author, ConversationId, Millis, VisitorId};

/// Conversations that are locked with one statement's answer.
const PAGE: i64 = 512;

/// Makes everything of `from` that of `into`: conversations, what was said and uploaded in them, answers, bans, who is
/// known, tokens. `from` is there no more, and its tokens are those of `into`. Answers the conversations that changed
/// hands.
///
/// This transaction has locked both visitors (see [`visitor::lock_ids`]); the conversations of `from` are locked here,
/// in the order of their ids. Name and address in the conversations are for
/// [`conversation::rename_visitor`] to write afterwards.
pub async fn visitors(
    tx: &mut Tx,
    from: &VisitorId,
    into: &VisitorId,
    now: Millis,
) -> Result<Vec<ConversationId>> {
    let moved = lock(tx, from).await?;
    // The same start in both cannot be repeated any more in one of them.
    let sql = "SELECT f.id FROM conversations f JOIN conversations i ON i.visitor_id = ? AND i.start_key = f.start_key \
               WHERE f.visitor_id = ?";
    let twice: Vec<ConversationId> = tx.list(sql, args![into, from], |row| row.parse()).await?;
    for id in &twice {
        tx.exec("UPDATE conversations SET start_key = NULL WHERE id = ?", args![id]).await?;
    }
    let (was, is) = (sender(from), sender(into));
    for id in &moved {
        let sql = "UPDATE entries SET author_id = ?, sender = ? WHERE conversation_id = ? AND sender = ?";
        tx.exec(sql, args![into, &is, id, &was]).await?;
        let sql = "UPDATE files SET uploader = ? WHERE conversation_id = ? AND uploader = ?";
        tx.exec(sql, args![&is, id, &was]).await?;
    }
    tx.exec("UPDATE conversations SET visitor_id = ? WHERE visitor_id = ?", args![into, from]).await?;
    join_details(tx, from, into).await?;
    join_bans(tx, from, into, now).await?;
    if count(tx, "SELECT COUNT(*) FROM known_agents WHERE visitor_id = ?", into).await? == 0 {
        tx.exec("UPDATE known_agents SET visitor_id = ? WHERE visitor_id = ?", args![into, from]).await?;
    }
    tx.exec("DELETE FROM known_agents WHERE visitor_id = ?", args![from]).await?;
    tx.exec("UPDATE identities SET visitor_id = ? WHERE visitor_id = ?", args![into, from]).await?;
    tx.exec("UPDATE visitor_tokens SET visitor_id = ? WHERE visitor_id = ?", args![into, from]).await?;
    mail::join(tx, from, into).await?;
    if let Some(gone) = visitor::get(tx, from).await? {
        tx.exec("DELETE FROM visitors WHERE id = ?", args![from]).await?;
        crate::identity::add_token(tx, into, &gone.token, now).await?;
    }
    Ok(moved)
}

/// Locks the conversations of a visitor.
async fn lock(tx: &mut Tx, visitor: &VisitorId) -> Result<Vec<ConversationId>> {
    let mut all: Vec<ConversationId> = Vec::new();
    loop {
        let page = conversation::ids_of_visitor(tx, visitor, all.last(), PAGE).await?;
        let full = i64::try_from(page.len()).is_ok_and(|read| read >= PAGE);
        // Each page begins with the last one of the page before.
        let again = usize::from(!all.is_empty());
        all.extend(page.into_iter().skip(again));
        if !full {
            break;
        }
    }
    let locked = conversation::lock_many(tx, &all).await?;
    Ok(locked.into_iter().filter(|c| c.visitor == *visitor).map(|c| c.id).collect())
}

fn sender(visitor: &VisitorId) -> String {
    Author::visitor(visitor.as_str(), String::new()).sender()
}

/// What one has answered stays where the other has not.
async fn join_details(tx: &mut Tx, from: &VisitorId, into: &VisitorId) -> Result<()> {
    let (other, mut own) = (details::get(tx, from).await?, details::get(tx, into).await?);
    for (key, value) in other.attributes {
        if own.attributes.len() < ATTRIBUTES || own.attributes.contains_key(&key) {
            own.attributes.entry(key).or_insert(value);
        }
    }
    own.email_key = own.email_key.or(other.email_key);
    own.address = other.address.or(own.address);
    details::put(tx, into, &own).await?;
    details::delete(tx, from).await
}

/// Who is banned stays banned.
async fn join_bans(tx: &mut Tx, from: &VisitorId, into: &VisitorId, now: Millis) -> Result<()> {
    let read = |row: &mut Row<'_>| Ok((row.text()?, row.int()?));
    let sql = "SELECT ban_id, ends_at FROM banned_visitors WHERE visitor_id = ?";
    let bans: Vec<(String, Millis)> = tx.list(sql, args![from], read).await?;
    for (id, ends_at) in &bans {
        ban::meet(tx, id, *ends_at, std::slice::from_ref(into), now).await?;
    }
    tx.exec("DELETE FROM banned_visitors WHERE visitor_id = ?", args![from]).await.map(drop)
}

async fn count(tx: &mut Tx, sql: &'static str, visitor: &VisitorId) -> Result<i64> {
    Ok(tx.first(sql, args![visitor], |row| row.int()).await?.unwrap_or_default())
}
