//! Erasing what is older than the admin wants things to be kept: a bounded piece of it with each sweep. How far that has
//! come is remembered, so that what is erased already is not looked at again.

use super::erase::{Which, piece};
use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits::{DAY_MS, RETAINED};
use switchboard_domain::{ConversationId, Millis, VisitorId};
use switchboard_storage::erasure::{self, Due};
use switchboard_storage::{Tx, meta, visitor};

/// Under which name it is remembered how far that has come.
const MARK: &str = "retained";

/// What is past its time.
#[derive(Debug, Clone)]
pub(crate) struct Past {
    /// What ended before this is not kept.
    before: Millis,
    /// Oldest first.
    due: Vec<Due>,
}

/// Looks what is past its time if things are kept so many days, without a lock.
pub(crate) async fn look(tx: &mut Tx, days: i64, now: Millis) -> Outcome<Option<Past>> {
    let before = now - days * DAY_MS;
    let mark = meta::get(tx, MARK).await?;
    let due = erasure::due(tx, before, mark.as_deref().and_then(place), RETAINED).await?;
    Ok((!due.is_empty()).then_some(Past { before, due }))
}

/// Erases of that as much as one transaction should; answers how many conversations are done.
pub(crate) async fn erase(cx: &mut Cx, past: &Past) -> Outcome<i64> {
    // Visitors are locked before conversations, as everywhere.
    let visitors: Vec<VisitorId> = past.due.iter().map(|due| due.visitor.clone()).collect();
    visitor::lock_ids(&mut cx.tx, &visitors).await?;
    let mut done = 0;
    for due in &past.due {
        // Looked at again, locked: the visitor may have gone on with it.
        let before = past.before;
        let piece = piece(cx, &due.id, Which::EndedBefore(before)).await?;
        if !piece.done {
            break;
        }
        if erasure::is_past(&mut cx.tx, &due.visitor, before).await? {
            erasure::visitor(&mut cx.tx, &due.visitor).await?;
        }
        done += 1;
        meta::set(&mut cx.tx, MARK, &format!("{} {}", due.updated_at, due.id)).await?;
        if piece.is_large {
            break;
        }
    }
    Ok(done)
}

/// A mark: up to which time, and there up to which conversation, all is erased.
fn place(mark: &str) -> Option<(Millis, ConversationId)> {
    let (at, id) = mark.split_once(' ')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}
