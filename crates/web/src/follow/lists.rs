//! Agents' lists: the summaries of what has changed, gathered for a quarter of a second (longer while very much
//! changes), read once and written once for all agents who may see them.

use super::hub::lock;
use super::index::Index;
use crate::edge::Shared;
use crate::limits::{BULK_IDS, LIST_EVERY, LIST_EVERY_MAX, LIST_REST, LIST_ROOM, LIST_TEAMS};
use crate::socket::channel::Frame;
use crate::socket::outbox::Weight;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use switchboard_domain::ConversationId;
use switchboard_wire::call::edge::GetSummaries;
use switchboard_wire::view::Summary;
use switchboard_wire::{Credential, Problem};
use tokio::sync::Notify;
use tokio::time::{Duration, Instant, sleep};

/// How long a dbmgr that is away is left alone.
const AGAIN_EVERY: Duration = Duration::from_millis(500);

/// What has changed since the last round.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    changed: Mutex<HashSet<ConversationId>>,
    some: Notify,
    /// Whose queue conversations were in when they were last told of.
    teams: Mutex<HashMap<ConversationId, Option<String>>>,
}

/// The frame of a state or summary, as the contract has it. It is written here rather than through
/// [`switchboard_wire::view::FromServer`] because it is only borrowed.
#[derive(Serialize)]
struct Written<'a, T> {
    #[serde(rename = "type")]
    kind: &'static str,
    conversation: &'a T,
}

/// The frame of a state, as one kind of reader may see it, or of a row of a list.
pub(crate) fn conversation_frame<T: Serialize>(conversation: &T) -> Frame {
    let text = serde_json::to_string(&Written { kind: "conversation", conversation });
    let text = text.unwrap_or_else(|error| {
        tracing::error!(%error, "a conversation cannot be written as JSON");
        "{}".into()
    });
    text.into()
}

impl Lists {
    /// A conversation has changed.
    pub(super) fn changed(&self, index: &Index, id: &ConversationId) {
        if index.has_agents() && lock(&self.changed).insert(id.clone()) {
            self.some.notify_one();
        }
    }

    /// A conversation is of this team now; answers whose it was before, when that is known and another one.
    pub(super) fn moved(&self, id: &ConversationId, team: Option<&str>) -> Option<Option<String>> {
        let mut teams = lock(&self.teams);
        if teams.len() >= LIST_TEAMS && !teams.contains_key(id) {
            // What is forgotten here costs an agent of another team a row that leads nowhere.
            teams.clear();
        }
        let before = teams.insert(id.clone(), team.map(Into::into));
        before.filter(|before| before.as_deref() != team)
    }

    /// What could not be read is read in a later round.
    fn again(&self, index: &Index, ids: &[ConversationId]) {
        for id in ids {
            self.changed(index, id);
        }
    }

    fn take(&self) -> Vec<ConversationId> {
        std::mem::take(&mut *lock(&self.changed)).into_iter().collect()
    }
}

/// Keeps agents' lists up to date, for ever.
pub(crate) async fn run(edge: Shared) {
    let lists = &edge.hub.lists;
    let mut pause = LIST_EVERY;
    loop {
        lists.some.notified().await;
        sleep(pause).await;
        let began = Instant::now();
        let ids = lists.take();
        for ids in ids.chunks(BULK_IDS) {
            let call = GetSummaries { ids: ids.iter().map(ToString::to_string).collect() };
            match edge.ask(Credential::Component, call).await {
                Ok(summaries) => show(&edge, &summaries),
                Err(failure) => {
                    tracing::debug!(%failure, "agents' lists lag behind");
                    if failure.problem == Problem::Unavailable {
                        // Nobody else would ask: a conversation that waits must not be missing until it changes.
                        lists.again(&edge.hub.index, ids);
                        sleep(AGAIN_EVERY).await;
                    }
                }
            }
        }
        pause = rest(began.elapsed());
    }
}

/// How long to gather changes after a round that took so long: rows that change many times a second are read and
/// written by nobody, while messages need the time.
fn rest(took: Duration) -> Duration {
    (took * LIST_REST).clamp(LIST_EVERY, LIST_EVERY_MAX)
}

/// Shows summaries to every agent who may see them. Whoever has much to read already is shown them in a later
/// round.
pub(super) fn show(edge: &Shared, summaries: &[Summary]) {
    let agents = edge.hub.index.agents();
    for summary in summaries {
        let mut written = None;
        for agent in agents.iter().filter(|agent| agent.sees(&summary.conversation)) {
            if agent.outbox.waiting() < LIST_ROOM {
                agent.push(Weight::Must, written.get_or_insert_with(|| conversation_frame(summary)));
            } else if let Ok(id) = summary.conversation.id.parse() {
                edge.hub.lists.changed(&edge.hub.index, &id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::conversation;
    use super::*;

    #[test]
    fn what_takes_long_is_done_less_often_and_never_forgotten() {
        assert_eq!(rest(Duration::ZERO), LIST_EVERY);
        assert_eq!(rest(LIST_EVERY / LIST_REST), LIST_EVERY);
        assert_eq!(rest(Duration::from_millis(50)), Duration::from_millis(500));
        assert_eq!(rest(Duration::from_secs(30)), LIST_EVERY_MAX);
    }

    #[test]
    fn a_conversation_that_changes_its_team_is_noticed() {
        let lists = Lists::default();
        let moved = |team| lists.moved(&conversation(), team);
        assert_eq!(moved(Some("a")), None, "nobody knows where it was");
        assert_eq!(moved(Some("a")), None);
        assert_eq!(moved(Some("b")), Some(Some("a".into())));
        assert_eq!(moved(None), Some(Some("b".into())));
        assert_eq!(moved(Some("a")), Some(None));
    }
}
