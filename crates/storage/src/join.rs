//! Two visitors turn out to be one person: everything of one becomes the other's.

use crate::error::Result;
use crate::tx::Tx;
use crate::value::args;
use crate::{conversation, details, mail, merge};
use switchboard_domain::attributes::ATTRIBUTES;
use switchboard_domain::{ConversationId, Millis, TokenHash, VisitorId};

/// Conversations that are locked with one statement's answer.
const PAGE: i64 = 512;

/// Makes everything of `from` that of `into` (see [`merge::move_all`]): a site has said that both are one person. `from` is
/// there no more. Answers the conversations that changed hands.
///
/// Of its tokens only `asking` is one of `into` from now on, that of the browser which has proven it. Whoever else came to
/// have a token of `from`, or a link to it, had those of somebody without a name, and not those of this person.
///
/// This transaction has locked both visitors (see [`crate::visitor::lock_ids`]); the conversations of `from` are locked here,
/// in the order of their ids. Name and address in the conversations are for
/// [`conversation::rename_visitor`] to write afterwards.
pub async fn visitors(
    tx: &mut Tx,
    from: &VisitorId,
    into: &VisitorId,
    asking: &TokenHash,
    now: Millis,
) -> Result<Vec<ConversationId>> {
    let moved = lock(tx, from).await?;
    merge::move_all(tx, &moved, from, into, now).await?;
    join_details(tx, from, into).await?;
    mail::move_stops(tx, from, into).await?;
    merge::delete(tx, from).await?;
    crate::identity::add_token(tx, into, asking, now).await?;
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
    details::put(tx, into, &own).await
}
