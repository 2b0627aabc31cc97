//! Reading from the database what was not heard: of one conversation when its entries have a gap, of all followed
//! ones of a shard when the counts of notices have one.

use super::beats::{Beats, Shards};
use super::hub::lock;
use crate::edge::Shared;
use crate::limits::{BULK_IDS, REPAIR_SPREAD};
use crate::socket::bye::{Bye, jitter};
use crate::socket::reader::Reader;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use switchboard_domain::ConversationId;
use switchboard_wire::call::conversation::{ListConversations, View};
use switchboard_wire::call::edge::{GetLines, GetStates, Greet, Lines};
use switchboard_wire::notice::EntryNotice;
use switchboard_wire::subject::SHARDS;
use switchboard_wire::view::Audience;
use switchboard_wire::{Credential, Failure, Problem};
use tokio::sync::Notify;
use tokio::time::sleep;

/// How long a gap may fill itself: notices of two dbmgrs can overtake each other, and a beat its notices.
const PATIENCE: Duration = Duration::from_millis(50);
/// How often a dbmgr that is away is asked again.
const AGAIN_EVERY: Duration = Duration::from_millis(500);
/// Rows of the queue that an agent is shown again after a gap.
const QUEUE_ROWS: i64 = 50;

/// What is known to have been missed.
#[derive(Debug, Default)]
pub(crate) struct Repairs {
    beats: Mutex<Beats>,
    shards: Mutex<Shards>,
    some: Notify,
    unheard: Notify,
}

impl Repairs {
    /// How many dbmgrs are alive.
    pub(crate) fn dbmgrs(&self) -> usize {
        self.beats().alive().len()
    }

    pub(super) fn beats(&self) -> MutexGuard<'_, Beats> {
        lock(&self.beats)
    }

    /// Something in these shards was not heard.
    pub(super) fn shards(&self, shards: Shards) {
        *lock(&self.shards) |= shards;
        self.some.notify_one();
    }

    /// Something was not heard, whatever it was.
    pub(super) fn gap(&self) {
        self.unheard.notify_one();
    }

    /// Waits until something was not heard.
    pub(crate) async fn unheard(&self) {
        self.unheard.notified().await;
    }

    /// Asks once more what is a reader's own.
    pub(super) fn look_up(&self, edge: &Shared, reader: &Arc<Reader>) {
        let (edge, reader) = (Arc::clone(edge), Arc::clone(reader));
        tokio::spawn(async move {
            if let Err(failure) = own(&edge, &reader).await {
                tracing::debug!(%failure, "a reader who came during a gap comes again");
                reader.outbox.end(Bye::try_later(&*edge.rng));
            }
        });
    }

    fn take(&self) -> Shards {
        std::mem::take(&mut *lock(&self.shards))
    }
}

/// Reads what one topic lacks, until it lacks nothing.
pub(super) async fn read_on(edge: Shared, id: ConversationId) {
    sleep(PATIENCE).await;
    loop {
        // Ends together with the gap, under one lock: the next gap begins the next repair.
        let lacks = edge.hub.with(&id, |topic| {
            let lacks = topic.lacks();
            topic.repairing = lacks.is_some();
            lacks
        });
        let Some(after) = lacks.flatten() else { return };
        metrics::counter!("switchboard_repairs_total", "of" => "entries").increment(1);
        let answer = {
            let _turn = edge.hub.questions.acquire().await;
            let call = GetLines { conversation: id.to_string(), after, audience: Audience::Staff };
            edge.ask(Credential::Component, call).await
        };
        match answer {
            Ok(Lines { lines, .. }) => fill(&edge, &id, after, &lines),
            Err(failure) => {
                tracing::debug!(%failure, "a gap is still open");
                sleep(AGAIN_EVERY + jitter(&*edge.rng, AGAIN_EVERY)).await;
            }
        }
    }
}

fn fill(edge: &Shared, id: &ConversationId, after: i64, lines: &[switchboard_wire::view::Line]) {
    edge.hub.with(id, |topic| {
        for line in lines {
            topic.entry(EntryNotice::of(id.clone(), line));
        }
        if topic.lacks() == Some(after) {
            tracing::error!(conversation = %id, after, "entries that were told of are not in the database");
            metrics::counter!("switchboard_lost_commits_detected_total").increment(1);
            topic.settle();
        }
    });
}

/// Looks after shards in which something was missed, for ever.
pub(crate) async fn run(edge: Shared) {
    let repairs = &edge.hub.repairs;
    loop {
        repairs.some.notified().await;
        sleep(PATIENCE).await;
        let shards = repairs.take();
        if shards == 0 {
            continue;
        }
        if let Err(failure) = states(&edge, shards).await {
            tracing::debug!(%failure, "what was missed cannot be read yet");
            sleep(AGAIN_EVERY).await;
            repairs.shards(shards);
            continue;
        }
        for agent in edge.hub.index.agents() {
            if agent.outbox.is_over() {
                continue;
            }
            if let Err(failure) = list(&edge, &agent).await {
                tracing::debug!(%failure, "an agent's list lags behind");
                if failure.problem == Problem::Unavailable {
                    // What came to be its own meanwhile would never appear.
                    sleep(AGAIN_EVERY).await;
                    repairs.shards(shards);
                    break;
                }
            }
        }
    }
}

/// Asks for the states of what is followed in these shards, in bulk, spread over a second.
async fn states(edge: &Shared, shards: Shards) -> Result<(), Failure> {
    let ids: Vec<String> = (0..SHARDS)
        .filter(|shard| shards & (1 << shard) != 0)
        .flat_map(|shard| edge.hub.topics(shard).keys().map(ToString::to_string).collect::<Vec<_>>())
        .collect();
    let rounds = u32::try_from(ids.len().div_ceil(BULK_IDS)).unwrap_or(u32::MAX);
    for (round, ids) in ids.chunks(BULK_IDS).enumerate() {
        if round > 0 {
            sleep(REPAIR_SPREAD / rounds).await;
        }
        metrics::counter!("switchboard_repairs_total", "of" => "states").increment(1);
        let states = edge.ask(Credential::Component, GetStates { ids: ids.to_vec() }).await?;
        for state in states {
            edge.hub.found(edge, &state);
        }
    }
    Ok(())
}

/// Takes what is a reader's own now as if it had been told.
async fn own(edge: &Shared, reader: &Reader) -> Result<(), Failure> {
    let greeting = edge.ask(reader.credential(), Greet {}).await?;
    for state in greeting.conversations {
        edge.hub.found(edge, &state);
    }
    Ok(())
}

/// Shows an agent what may have come while we did not hear: own conversations, and the queue.
async fn list(edge: &Shared, agent: &Arc<Reader>) -> Result<(), Failure> {
    own(edge, agent).await?;
    let queue = ListConversations {
        view: View::Queue,
        status: None,
        q: None,
        tag: None,
        team: None,
        limit: Some(QUEUE_ROWS),
        cursor: None,
    };
    let page = edge.ask(agent.credential(), queue).await?;
    super::lists::show(edge, &page.items);
    Ok(())
}
