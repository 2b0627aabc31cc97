//! Agents' lists: the summaries of what has changed, gathered for a quarter of a second, read once and written
//! once for all agents who may see them.

use super::hub::lock;
use super::index::Index;
use crate::edge::Shared;
use crate::limits::{BULK_IDS, LIST_EVERY};
use crate::socket::outbox::Weight;
use serde::Serialize;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use switchboard_domain::ConversationId;
use switchboard_wire::Credential;
use switchboard_wire::call::edge::GetSummaries;
use switchboard_wire::view::{Conversation, Summary};
use tokio::sync::Notify;
use tokio::time::sleep;

/// What has changed since the last round.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    changed: Mutex<HashSet<ConversationId>>,
    some: Notify,
}

/// The frame of a state or summary, as the contract has it. It is written here rather than through
/// [`switchboard_wire::view::FromServer`] because it is only borrowed.
#[derive(Serialize)]
struct Frame<'a, T> {
    #[serde(rename = "type")]
    kind: &'static str,
    conversation: &'a T,
}

fn frame<T: Serialize>(conversation: &T) -> Arc<str> {
    let frame = Frame { kind: "conversation", conversation };
    serde_json::to_string(&frame).map_or_else(
        |error| {
            tracing::error!(%error, "a conversation cannot be written as JSON");
            Arc::from("{}")
        },
        Arc::from,
    )
}

/// The frame of a state, as one kind of reader may see it.
#[expect(clippy::needless_pass_by_value, reason = "it is made for this call only")]
pub(crate) fn state_frame(conversation: Conversation) -> Arc<str> {
    frame(&conversation)
}

/// The frame of a row of a list.
pub(super) fn summary_frame(summary: &Summary) -> Arc<str> {
    frame(summary)
}

impl Lists {
    /// A conversation has changed.
    pub(super) fn changed(&self, index: &Index, id: &ConversationId) {
        if index.has_agents() && lock(&self.changed).insert(id.clone()) {
            self.some.notify_one();
        }
    }

    fn take(&self) -> Vec<ConversationId> {
        std::mem::take(&mut *lock(&self.changed)).into_iter().collect()
    }
}

/// Keeps agents' lists up to date, for ever.
pub(crate) async fn run(edge: Shared) {
    let lists = &edge.hub.lists;
    loop {
        lists.some.notified().await;
        sleep(LIST_EVERY).await;
        let ids = lists.take();
        for ids in ids.chunks(BULK_IDS) {
            let ids = ids.iter().map(ToString::to_string).collect();
            match edge.ask(Credential::Component, GetSummaries { ids }).await {
                Ok(summaries) => show(&edge, &summaries),
                // Lists are asked for again when the connection comes back; here they only lag behind.
                Err(failure) => tracing::debug!(%failure, "agents' lists lag behind"),
            }
        }
    }
}

/// Shows summaries to every agent who may see them.
pub(super) fn show(edge: &Shared, summaries: &[Summary]) {
    let agents = edge.hub.index.agents();
    for summary in summaries {
        let mut written = None;
        for agent in agents.iter().filter(|agent| agent.sees(&summary.conversation)) {
            agent.push(Weight::Must, written.get_or_insert_with(|| summary_frame(summary)));
        }
    }
}
