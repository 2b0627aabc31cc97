//! What a turn changes: its reply applied, or its failure stored; offered until the database has it.

use switchboard_faults::{self as faults, Point};
use switchboard_wire::call::Call;
use switchboard_wire::call::router::{ApplyReply, FailTurn, TurnWork};
use switchboard_wire::turn::TurnReply;
use switchboard_wire::{Failure, Problem};
use tokio::time::{Instant, sleep};

use super::frame::shorten;
use crate::calls::{Ask, Calls};
use crate::limits::{CALL_AGAIN, TURN_PERSIST};
use crate::room::Room;

/// How it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Settled {
    /// It is in the database.
    Done,
    /// Somebody else has the conversation, or the turn was answered; nothing is left to do.
    Moved,
    /// The reply is not acceptable.
    Refused(String),
}

/// Applies a reply.
pub(super) async fn apply<C: Calls>(room: &Room<C>, work: &TurnWork, reply: TurnReply) -> Settled {
    faults::at(Point::ReplyApplyBefore);
    let settled = offer(room, || ApplyReply {
        conversation: work.request.conversation.clone(),
        fence: work.request.fence,
        automation: work.automation.clone(),
        first: work.request.messages.first().map(|message| message.seq),
        seq: work.seq,
        reply: reply.clone(),
    })
    .await;
    faults::at(Point::ReplyApplyAfter);
    settled
}

/// Stores the failure that ends a turn.
pub(super) async fn insist<C: Calls>(room: &Room<C>, failed: FailTurn) {
    if let Settled::Refused(error) = offer(room, || failed.clone()).await {
        tracing::error!(
            conversation = failed.conversation,
            error,
            "a failed turn cannot be handed to people"
        );
    }
}

/// Whether the failure says that the conversation has moved on.
pub(super) fn is_moved(failure: &Failure) -> bool {
    matches!(
        failure.problem,
        Problem::Stale | Problem::NotFound | Problem::NotOwner | Problem::Resolved | Problem::Taken
    )
}

async fn offer<C: Ask<O>, O: Call<Reply = ()>>(room: &Room<C>, call: impl Fn() -> O) -> Settled {
    let until = Instant::now() + TURN_PERSIST;
    loop {
        let failure = match room.calls.ask(call()).await {
            Ok(()) => return Settled::Done,
            Err(failure) => failure,
        };
        match failure.problem {
            _ if is_moved(&failure) => return Settled::Moved,
            Problem::Unavailable | Problem::RateLimited if Instant::now() < until => sleep(CALL_AGAIN).await,
            // The turn is still due: it starts again when the database is there.
            Problem::Unavailable | Problem::RateLimited => return Settled::Moved,
            _ => return Settled::Refused(shorten(&failure.detail)),
        }
    }
}
