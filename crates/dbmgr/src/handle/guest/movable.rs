//! What one transaction can give to another visitor: it must stay short.

use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits::{MERGED_CONVERSATIONS, MERGED_ENTRIES};
use switchboard_domain::{Conversation, VisitorId};
use switchboard_storage::conversation;

/// The conversations of a visitor whose row is locked, locked; none when they are too many.
pub(in crate::handle) async fn movable(
    cx: &mut Cx,
    visitor: &VisitorId,
) -> Outcome<Option<Vec<Conversation>>> {
    let ids = conversation::ids_of_visitor(&mut cx.tx, visitor, None, MERGED_CONVERSATIONS + 1).await?;
    if i64::try_from(ids.len()).is_ok_and(|count| count > MERGED_CONVERSATIONS) {
        return Ok(None);
    }
    let found = conversation::lock_many(&mut cx.tx, &ids).await?;
    let entries: i64 = found.iter().map(|c| c.head).sum();
    Ok((entries <= MERGED_ENTRIES).then_some(found))
}
