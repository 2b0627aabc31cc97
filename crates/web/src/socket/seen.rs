//! Read positions: stored and told every two seconds, however often they change.

use super::reader::{Reader, Who};
use crate::edge::Shared;
use crate::limits::READ_EVERY;
use std::sync::Arc;
use switchboard_domain::ConversationId;
use switchboard_wire::call::edge::MarkRead;
use switchboard_wire::notice::{Notice, Read};
use tokio::time::sleep;

/// The reader has seen everything up to `seq`.
pub(super) fn saw(edge: &Shared, reader: &Arc<Reader>, id: ConversationId, seq: i64) {
    if reader.saw(id, seq) {
        tokio::spawn(tell(Arc::clone(edge), Arc::clone(reader)));
    }
}

async fn tell(edge: Shared, reader: Arc<Reader>) {
    let by = match reader.who {
        Who::Visitor { .. } => "visitor",
        Who::Agent(_) => "agent",
    };
    loop {
        let marks = reader.take_seen();
        if marks.is_empty() {
            return;
        }
        for (conversation, seq) in marks {
            let call = MarkRead { conversation: conversation.to_string(), seq };
            match edge.ask(reader.credential(), call).await {
                Ok(()) => edge.tell(&Notice::Read(Read { conversation, by: by.into(), seq })).await,
                Err(failure) => tracing::debug!(%failure, "a read position is not stored"),
            }
        }
        sleep(READ_EVERY).await;
    }
}
