//! What a handler has at hand inside its transaction.

use crate::shared::Shared;
use crate::tally::Tally;
use std::sync::Arc;
use switchboard_domain::Millis;
use switchboard_storage::Tx;
use switchboard_wire::notice::Notice;

/// The transaction, the time, and what is to be told once it is committed.
#[derive(Debug)]
pub(crate) struct Cx {
    /// The open transaction, or a connection for reading.
    pub(crate) tx: Tx,
    /// When the transaction began.
    pub(crate) now: Millis,
    /// Everything that outlives the transaction.
    pub(crate) shared: Arc<Shared>,
    /// Told after the commit, in this order; forgotten when there is none.
    pub(crate) notices: Vec<Notice>,
    /// Counted after the commit.
    pub(crate) tally: Tally,
}

impl Cx {
    /// Tells this after the commit.
    pub(crate) fn tell(&mut self, notice: Notice) {
        self.notices.push(notice);
    }
}
