//! Whether the place that a reader says it has reached is a place of the log as it is stored.

use crate::metric;
use switchboard_domain::Conversation;
use switchboard_faults::{self as faults, Mutant};
use switchboard_storage::entry::Reader;

/// What the conversation's own row says of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is one.
    Fits,
    /// It is none, for this reason.
    Misfit(&'static str),
    /// The entry at the place has to be looked at.
    Look,
}

/// Compares a place with the heads of the conversation.
pub(super) fn fit(c: &Conversation, reader: Reader, last_seq: i64, last_id: Option<&str>) -> Fit {
    if faults::broken(Mutant::ResumeTrusts) {
        return Fit::Fits;
    }
    let head = match reader {
        Reader::Staff => c.head,
        Reader::Visitor => c.public_head,
    };
    if last_seq > head {
        // The epochs have been compared: somebody saw what the database no longer has.
        metrics::counter!(metric::LOST_COMMITS).increment(1);
        tracing::error!(
            conversation = %c.id, has = last_seq, head,
            "a reader has seen more than is stored: was the database restored without `epoch rotate`?"
        );
        return Fit::Misfit("ahead");
    }
    if last_seq < 0 {
        return Fit::Misfit("mismatch");
    }
    let Some(last_id) = last_id.filter(|_| last_seq > 0) else { return Fit::Fits };
    let known = match (reader, last_seq) {
        (Reader::Staff, last) if last == c.head => &c.head_id,
        (_, last) if last == c.public_head => &c.public_head_id,
        _ => return Fit::Look,
    };
    if known.as_ref().is_some_and(|id| id.as_str() == last_id) { Fit::Fits } else { Fit::Misfit("mismatch") }
}
