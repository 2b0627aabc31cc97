//! What the router asks and does. Everything compares fence and due state, so that two routers by accident waste work
//! and break nothing.

mod apply_reply;
mod assign;
mod fail_turn;
mod get_board;
mod get_due;
mod get_turn;
mod lapse;
pub(super) mod learn;
mod record_automations;
mod reply;
mod retire_agent;
mod streak;
mod sweep;
mod wake;

use switchboard_domain::Refusal;
use switchboard_wire::Failure;

/// The conversation has moved on since the router looked.
fn stale() -> Failure {
    Refusal::Stale.into()
}
