//! Visitors as staff see them: found, exported, erased.

mod erase;
mod export;
mod find;
mod merge;
mod merge_here;
mod merge_visitors;
mod movable;
pub(super) mod retain;

pub(super) use movable::movable;

use crate::halt::Outcome;
use switchboard_domain::Millis;
use switchboard_domain::clock::rfc3339;
use switchboard_storage::visitor::Visitor;
use switchboard_storage::{Tx, conversation, details};
use switchboard_wire::view::Guest;

/// A visitor, with what else is known of it.
async fn show(tx: &mut Tx, row: Visitor, now: Millis) -> Outcome<Guest> {
    let known = details::get(tx, &row.id).await?;
    let conversations = conversation::count_of_visitor(tx, &row.id).await?;
    Ok(Guest {
        banned: row.banned(now).is_some(),
        id: row.id.into(),
        name: row.name,
        email: row.email,
        locale: row.locale,
        page: row.page,
        verified: row.verified,
        attributes: known.attributes,
        address: known.address,
        conversations,
        created_at: rfc3339(row.created_at),
        last_seen_at: rfc3339(row.last_seen_at),
    })
}
