//! Conversations, as agents and visitors work with them.

mod claim;
mod get;
mod get_entries;
mod handoff;
mod list;
mod prioritise;
mod rate;
mod reopen;
mod resolve;
mod snooze;
mod tag;
mod transfer;

use crate::cx::Cx;
use crate::gate::Staff;
use crate::halt::Outcome;
use switchboard_domain::{AccountId, Presence};
use switchboard_storage::presence;
use switchboard_wire::{Failure, Problem};

/// Whether an agent may be given conversations: locked until the commit, so that nobody goes offline meanwhile.
async fn is_there(cx: &mut Cx, agent: &AccountId) -> Outcome<bool> {
    let row = presence::lock(&mut cx.tx, agent).await?;
    Ok(row.is_some_and(|row| row.presence != Presence::Offline))
}

/// What an agent who is offline is told.
fn offline(agent: &Staff) -> Failure {
    tracing::debug!(agent = %agent.id(), "an agent who is offline wanted a conversation");
    Failure::new(Problem::Offline, "you are offline: go online or away first")
}

pub(super) use get_entries::reader;
pub(super) use list::{cursor, read_cursor, summary};
