//! The topics of a node, by conversation.

use super::estimates::Estimates;
use super::index::Index;
use super::lists::Lists;
use super::recent::{Mark, Recent, Since};
use super::repair::Repairs;
use super::topic::{Need, Splice, Topic};
use crate::edge::Shared;
use crate::limits::REPLAYS;
use crate::socket::channel::Frame;
use crate::socket::outbox::Weight;
use crate::socket::reader::{Reader, Why};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use switchboard_domain::ConversationId;
use switchboard_wire::notice::EntryNotice;
use switchboard_wire::subject::{SHARDS, shard};
use switchboard_wire::view::State;
use tokio::sync::Semaphore;

type Topics = HashMap<ConversationId, Topic>;

/// Former epochs that are remembered: there is one more after each restore.
const FORMER_EPOCHS: usize = 8;

/// The epoch, and those before it, oldest first.
#[derive(Default)]
struct Epochs {
    now: Option<String>,
    former: VecDeque<String>,
}

/// Everything that is followed here.
pub(crate) struct Hub {
    shards: Vec<Mutex<Topics>>,
    recent: Mutex<Recent>,
    pub(crate) index: Index,
    pub(super) lists: Lists,
    pub(crate) repairs: Repairs,
    pub(crate) estimates: Estimates,
    /// Conversations whose place in the queue waits to be shown.
    pub(super) places: Mutex<HashSet<ConversationId>>,
    /// Questions to a dbmgr that replays and repairs may have under way.
    pub(super) questions: Semaphore,
    epoch: Mutex<Epochs>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            recent: Mutex::default(),
            index: Index::default(),
            lists: Lists::default(),
            repairs: Repairs::default(),
            estimates: Estimates::default(),
            places: Mutex::default(),
            questions: Semaphore::new(REPLAYS),
            epoch: Mutex::default(),
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// Looks at the topics of one shard.
    pub(super) fn topics(&self, shard: u32) -> MutexGuard<'_, Topics> {
        let index = usize::try_from(shard).unwrap_or(0) % self.shards.len();
        lock(&self.shards[index])
    }

    /// Does something with a topic that exists.
    pub(super) fn with<T>(&self, id: &ConversationId, act: impl FnOnce(&mut Topic) -> T) -> Option<T> {
        self.topics(shard(id)).get_mut(id).map(act)
    }

    /// Does something with a topic, which is made if need be.
    fn with_new<T>(&self, id: &ConversationId, act: impl FnOnce(&mut Topic) -> T) -> T {
        act(self.topics(shard(id)).entry(id.clone()).or_default())
    }

    pub(super) fn recent(&self) -> MutexGuard<'_, Recent> {
        lock(&self.recent)
    }

    /// The present moment in the stream of notices: take it before looking into the database.
    pub(crate) fn mark(&self) -> Mark {
        self.recent().mark()
    }

    /// Learns the epoch; `true` when it is another one than before: the database was restored under us.
    pub(crate) fn learn_epoch(&self, epoch: &str) -> bool {
        let mut known = lock(&self.epoch);
        if known.now.as_deref() == Some(epoch) {
            return false;
        }
        let Some(former) = known.now.replace(epoch.to_owned()) else { return false };
        known.former.push_back(former);
        if known.former.len() > FORMER_EPOCHS {
            known.former.pop_front();
        }
        true
    }

    /// Learns the epoch from a beat, which tells what its dbmgr has read last: one that has not looked since a
    /// restore is passed over, or it would end every socket again each second.
    pub(super) fn hear_epoch(&self, epoch: &str) -> bool {
        let former = lock(&self.epoch).former.iter().any(|former| former == epoch);
        !former && self.learn_epoch(epoch)
    }

    /// The epoch, once known.
    pub(crate) fn epoch(&self) -> Option<String> {
        lock(&self.epoch).now.clone()
    }

    /// Lets everybody here know a reader, who follows what it was greeted with.
    pub(crate) fn add(&self, reader: &Arc<Reader>) {
        self.index.add(reader);
    }

    /// Removes a reader and all that it follows.
    pub(crate) fn remove(&self, reader: &Reader) {
        self.index.remove(reader);
        let followed: Vec<ConversationId> = reader.followed().drain().map(|(id, _)| id).collect();
        for id in &followed {
            self.leave(reader, id);
        }
    }

    /// Follows a conversation no longer.
    pub(crate) fn leave(&self, reader: &Reader, id: &ConversationId) {
        let mut topics = self.topics(shard(id));
        // Under the topics' lock here and in `begin`: both sides agree on who follows what, whoever comes first.
        reader.followed().remove(id);
        if let Some(topic) = topics.get_mut(id) {
            topic.leave(reader.id);
            if topic.is_empty() {
                topics.remove(id);
            }
        }
    }

    /// The reader wants nothing more of a conversation, also when it is its own.
    pub(crate) fn part(&self, reader: &Reader, id: &ConversationId) {
        reader.wants_no_more(id);
        let own = reader.followed().get(id) == Some(&Why::Own);
        if own {
            let fence = self.with(id, |topic| topic.shown.as_ref().map(|shown| shown.0)).flatten();
            reader.leaves(id, fence.unwrap_or_default());
        }
        self.leave(reader, id);
    }

    /// Follows a conversation whose past is still to be replayed. Nothing of it is given before [`Hub::admit`].
    pub(super) fn begin(&self, reader: &Arc<Reader>, id: &ConversationId, why: Why) {
        reader.returns(id);
        self.with_new(id, |topic| {
            reader.followed().insert(id.clone(), why);
            topic.replay(reader);
        });
        if reader.outbox.is_over() {
            // It went while it was being added; whoever removed it may have been here before us.
            self.leave(reader, id);
        }
    }

    /// The same of a conversation that has become its own, told with this frame; `false`, and nothing is done, when it
    /// follows it already: two may see that it does not, and only one of them is right.
    pub(super) fn begin_own(&self, reader: &Arc<Reader>, id: &ConversationId, told: &Frame) -> bool {
        reader.returns(id);
        let new = self.with_new(id, |topic| {
            if reader.follows(id) {
                return false;
            }
            reader.push(Weight::Must, told);
            reader.followed().insert(id.clone(), Why::Own);
            topic.replay(reader);
            true
        });
        if reader.outbox.is_over() {
            self.leave(reader, id);
        }
        new
    }

    /// The replay has reached `at`.
    pub(super) fn splice(&self, edge: &Shared, reader: &Reader, id: &ConversationId, at: i64) -> Splice {
        let spliced = self.with(id, |topic| topic.splice(reader.id, at)).unwrap_or(Splice::Gone);
        if spliced == Splice::Live(Need::Repair) {
            self.repair(edge, id);
        }
        spliced
    }

    /// The reader may see the conversation, which it was told of in this state.
    pub(super) fn admit(&self, edge: &Shared, reader: &Arc<Reader>, id: &ConversationId, state: &State) {
        if self.with(id, |topic| topic.admit(reader.id, state)) == Some(false) {
            self.look_again(edge, reader, id);
        }
    }

    /// Whether the reader follows the conversation and may see it.
    pub(crate) fn admits(&self, reader: &Reader, id: &ConversationId) -> bool {
        self.with(id, |topic| topic.admits(reader.id)).unwrap_or(false)
    }

    /// Follows an own conversation whose past the reader has asked for.
    pub(crate) fn await_replay(&self, edge: &Shared, reader: &Arc<Reader>, state: &State) {
        if let Ok(id) = state.conversation.id.parse::<ConversationId>() {
            self.begin(reader, &id, Why::Own);
            self.admit(edge, reader, &id, state);
        }
    }

    /// Follows a conversation from the state on that was read after `mark` was taken. `false`: what came before is
    /// not at hand, so it must be replayed from there.
    pub(crate) fn follow(
        &self,
        edge: &Shared,
        reader: &Arc<Reader>,
        state: &State,
        at: i64,
        mark: Mark,
    ) -> bool {
        let Ok(id) = state.conversation.id.parse::<ConversationId>() else { return true };
        self.begin(reader, &id, Why::Own);
        self.admit(edge, reader, &id, state);
        match self.splice(edge, reader, &id, at) {
            Splice::ReadOn => return false,
            Splice::Gone => return true,
            Splice::Live(_) => {}
        }
        match self.recent().entries_since(mark, &id) {
            Since::UpTo(seq) => self.knows(edge, &id, seq),
            Since::Unknown => self.repairs.shards(1 << shard(&id)),
        }
        true
    }

    /// Makes up for states that were told since `mark`, while the reader was being added.
    pub(crate) fn catch_up(&self, edge: &Shared, reader: &Arc<Reader>, mark: Mark) {
        let follows = |state: &State| state.conversation.id.parse().is_ok_and(|id| reader.follows(&id));
        let told =
            self.recent().states_since(mark, |state| reader.owns(&state.conversation) || follows(state));
        let Some(states) = told else { return self.repairs.look_up(edge, reader) };
        for state in states {
            let Ok(id) = state.conversation.id.parse() else { continue };
            if reader.follows(&id) {
                self.show(edge, &id, &state);
            } else {
                self.appear(edge, reader, &id, &state);
            }
        }
    }

    /// An entry is known to exist.
    pub(super) fn knows(&self, edge: &Shared, id: &ConversationId, seq: i64) {
        if self.with(id, |topic| topic.knows(seq)) == Some(Need::Repair) {
            self.repair(edge, id);
        }
    }

    /// An entry was told.
    pub(crate) fn entry(&self, edge: &Shared, entry: EntryNotice) {
        let id = entry.conversation.clone();
        self.recent().entry(id.clone(), entry.seq);
        let frame = Arc::clone(&entry.frame);
        match self.with(&id, |topic| topic.entry(entry)) {
            Some(Need::Repair) => self.repair(edge, &id),
            Some(Need::Nothing) => super::listen::measure(edge, &frame),
            None => {}
        }
    }

    /// Reads what a topic lacks, unless somebody does already.
    pub(super) fn repair(&self, edge: &Shared, id: &ConversationId) {
        let first = self.with(id, |topic| !std::mem::replace(&mut topic.repairing, true));
        if first == Some(true) {
            tokio::spawn(super::repair::read_on(Arc::clone(edge), id.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{conversation, visitor};
    use super::*;

    #[test]
    fn a_dbmgr_that_has_not_looked_since_a_restore_restores_nothing() {
        let hub = Hub::default();
        assert!(!hub.hear_epoch("old") && !hub.hear_epoch("old"));
        assert!(hub.learn_epoch("new"));
        assert!(!hub.hear_epoch("old") && !hub.hear_epoch("new"));
        assert_eq!(hub.epoch().as_deref(), Some("new"));
        assert!(hub.learn_epoch("old"), "the database itself is believed");
        assert!(hub.learn_epoch("new") && hub.hear_epoch("newest"));
    }

    #[test]
    fn who_follows_and_leaves_at_once_is_known_to_both_sides_or_to_none() {
        let (hub, reader, id) = (Hub::default(), visitor(1), conversation());
        for _ in 0..500 {
            std::thread::scope(|threads| {
                threads.spawn(|| hub.begin(&reader, &id, Why::Asked));
                threads.spawn(|| hub.leave(&reader, &id));
            });
            let followed = hub.with(&id, |topic| !topic.is_empty()).unwrap_or(false);
            assert_eq!(followed, reader.follows(&id));
            hub.remove(&reader);
            assert!(hub.topics(shard(&id)).is_empty(), "nothing stays behind");
        }
    }
}
