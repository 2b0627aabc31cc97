//! Two visitors turn out to be one person: everything of one becomes the other's.

use crate::error::Result;
use crate::tx::Tx;
use crate::{details, mail, merge};
use switchboard_domain::attributes::ATTRIBUTES;
use switchboard_domain::{ConversationId, Millis, TokenHash, VisitorId};

/// Makes everything of `from`, whose conversations are `ids`, that of `into` (see [`merge::move_all`]): a site has said that
/// both are one person. `from` is there no more.
///
/// Of its tokens only `asking` is one of `into` from now on, that of the browser which has proven it. Whoever else came to
/// have a token of `from`, or a link to it, had those of somebody without a name, and not those of this person.
///
/// This transaction has locked both visitors (see [`crate::visitor::lock_ids`]) and then the conversations. Name and address
/// in these are for [`crate::conversation::rename_visitor`] to write afterwards.
pub async fn visitors(
    tx: &mut Tx,
    ids: &[ConversationId],
    from: &VisitorId,
    into: &VisitorId,
    asking: &TokenHash,
    now: Millis,
) -> Result<()> {
    merge::move_all(tx, ids, from, into, now).await?;
    join_details(tx, from, into).await?;
    mail::move_stops(tx, from, into).await?;
    merge::delete(tx, from).await?;
    crate::identity::add_token(tx, into, asking, now).await
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
