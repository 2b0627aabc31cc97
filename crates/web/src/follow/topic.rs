//! One followed conversation: who follows it, what they have, what comes next.
//!
//! Everything here is plain state, changed under the lock of its shard; whatever has to be asked of a dbmgr is
//! answered to the caller as [`Need`].

use super::place::Place;
use super::ring::Ring;
use crate::socket::channel::Frame;
use crate::socket::outbox::Weight;
use crate::socket::reader::Reader;
use std::collections::BTreeMap;
use std::sync::Arc;
use switchboard_domain::Status;
use switchboard_faults::{self as faults, Mutant};
use switchboard_wire::notice::EntryNotice;
use switchboard_wire::view::{Audience, State};

/// Entries ahead of a gap that are kept for when it is filled.
const EARLY: usize = 64;

/// What a change of a topic makes necessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Nothing,
    /// Entries after the last one here must be read.
    Repair,
}

/// Owner, status and fence: what followers are told of at once.
pub(super) type Shown = (i64, Status, String, Option<String>, Option<String>);

/// A followed conversation.
#[derive(Debug, Default)]
pub(crate) struct Topic {
    followers: Vec<Follower>,
    ring: Ring,
    /// The last entry that live followers have been given; entries come here one after the other.
    last: Option<i64>,
    /// What came before its turn.
    early: BTreeMap<i64, EntryNotice>,
    /// The last entry that is known to exist.
    known: i64,
    pub(super) repairing: bool,
    pub(super) shown: Option<Shown>,
    pub(super) place: Place,
}

#[derive(Debug)]
struct Follower {
    reader: Arc<Reader>,
    /// The last entry given to it, or passed over because it may not see it.
    at: i64,
    /// Not while the past is being replayed to it.
    live: bool,
    /// Not before it is known that it may see anything of this.
    admitted: bool,
}

/// Whether a replay has reached the present.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Splice {
    /// It has: from here on entries come as they are told.
    Live(Need),
    /// Entries between have left the ring: read on after this place.
    ReadOn,
    /// It is not followed any more.
    Gone,
}

impl Topic {
    /// Adds a follower to whom the past is still to be replayed; or takes back one that is live already. It is
    /// given nothing at all before it is admitted.
    pub(super) fn replay(&mut self, reader: &Arc<Reader>) {
        match self.followers.iter_mut().find(|f| f.reader.id == reader.id) {
            Some(follower) => follower.live = false,
            None => {
                let reader = Arc::clone(reader);
                self.followers.push(Follower { reader, at: 0, live: false, admitted: false });
            }
        }
    }

    /// A dbmgr has said that this follower may see the conversation, which then was in this state. `false`: it has
    /// changed since, and the follower has not been told.
    pub(super) fn admit(&mut self, reader: u64, state: &State) -> bool {
        let Some(follower) = self.followers.iter_mut().find(|f| f.reader.id == reader) else { return true };
        let before = std::mem::replace(&mut follower.admitted, true);
        if self.shown.is_none() {
            self.shown = Some(shown(state));
        }
        before || self.shown == Some(shown(state))
    }

    /// Whether this one has been admitted.
    pub(super) fn admits(&self, reader: u64) -> bool {
        self.readers().any(|other| other.id == reader)
    }

    pub(super) fn leave(&mut self, reader: u64) {
        self.followers.retain(|f| f.reader.id != reader);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.followers.is_empty()
    }

    /// Those who may be told of it.
    pub(super) fn readers(&self) -> impl Iterator<Item = &Arc<Reader>> {
        self.followers.iter().filter(|f| f.admitted).map(|f| &f.reader)
    }

    /// Whether the ring holds this very entry, which this audience may see, and so all that came after it.
    pub(super) fn holds(&self, seq: i64, id: &str, audience: Audience) -> bool {
        let sees = |public| public || audience == Audience::Staff;
        self.ring.at(seq).is_some_and(|entry| entry.id == id && sees(entry.public))
    }

    /// A replay has reached `at`: everything up to there that this reader may see has been given to it.
    pub(super) fn splice(&mut self, reader: u64, at: i64) -> Splice {
        let Self { followers, ring, last, .. } = self;
        let others = followers.iter().any(|f| f.live && f.reader.id != reader);
        let Some(follower) = followers.iter_mut().find(|f| f.reader.id == reader) else {
            return Splice::Gone;
        };
        let present = *last.get_or_insert(at);
        if at < present {
            let Some(entries) = ring.after(at) else { return Splice::ReadOn };
            for entry in entries.skip(usize::from(faults::broken(Mutant::SpliceSkips))) {
                // Of the past still: many conversations may go on at once, and each waits for room.
                give(&follower.reader, entry, &Frame::from(Arc::clone(&entry.frame)), Weight::Replay);
            }
        } else if at > present && !others {
            // Nobody lacks what lies between.
            *last = Some(at);
            ring.clear();
        }
        follower.at = at.max(present);
        follower.live = true;
        self.early = self.early.split_off(&(self.last.unwrap_or(0) + 1));
        self.take_early();
        Splice::Live(self.knows(at))
    }

    /// An entry was told, or read.
    pub(super) fn entry(&mut self, entry: EntryNotice) -> Need {
        let seq = entry.seq;
        match self.last {
            // Nobody is live yet; whoever replays will find it here.
            None => self.advance(entry),
            Some(last) if seq <= last => {}
            Some(last) if seq == last + 1 || faults::broken(Mutant::GapSkipped) => {
                self.advance(entry);
                self.take_early();
            }
            Some(_) => {
                self.early.insert(seq, entry);
                if self.early.len() > EARLY {
                    self.early.pop_last();
                }
            }
        }
        self.knows(seq)
    }

    /// What came early and is next now.
    fn take_early(&mut self) {
        while let Some(next) = self.last.and_then(|last| self.early.remove(&(last + 1))) {
            self.advance(next);
        }
    }

    fn advance(&mut self, entry: EntryNotice) {
        self.last = Some(entry.seq);
        let frame = Frame::from(Arc::clone(&entry.frame));
        for follower in self.followers.iter_mut().filter(|f| f.live && f.at < entry.seq) {
            follower.at = entry.seq;
            give(&follower.reader, &entry, &frame, Weight::Must);
        }
        self.ring.push(entry);
    }

    /// Keeps nothing of what was said; who lacks something reads it.
    pub(super) fn forget(&mut self) {
        self.ring.clear();
        self.early.clear();
    }

    /// An entry is known to exist.
    pub(super) fn knows(&mut self, seq: i64) -> Need {
        self.known = self.known.max(seq);
        if self.lacks().is_some() { Need::Repair } else { Need::Nothing }
    }

    /// The place after which entries are missing, if any are.
    pub(super) fn lacks(&self) -> Option<i64> {
        self.last.filter(|last| *last < self.known)
    }

    /// Nothing comes after what was read: what was said to exist does not, for instance after a restore.
    pub(super) fn settle(&mut self) {
        if let Some(last) = self.last {
            self.known = last;
            self.early.clear();
        }
    }

    /// Takes a new state; answers whether followers must be told of it at once. An older one than the last shown
    /// is passed over.
    pub(super) fn shows(&mut self, state: &State) -> bool {
        if self.shown.as_ref().is_some_and(|shown| shown.0 > state.conversation.fence) {
            return false;
        }
        let before = self.shown.replace(shown(state));
        before != self.shown
    }
}

fn shown(state: &State) -> Shown {
    let c = &state.conversation;
    (c.fence, c.status, c.owner.kind.clone(), c.owner.id.clone(), c.team.clone())
}

fn give(reader: &Reader, entry: &EntryNotice, frame: &Frame, weight: Weight) {
    if entry.public || reader.audience() == Audience::Staff || faults::broken(Mutant::NotesShown) {
        reader.push(weight, frame);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{agent, entry, got, visitor};
    use super::*;
    use crate::limits::RING_ENTRIES;

    fn live(topic: &mut Topic, reader: &Arc<Reader>, at: i64) -> Splice {
        topic.replay(reader);
        topic.splice(reader.id, at)
    }

    #[test]
    fn a_visitor_is_given_what_is_public_and_staff_everything() {
        let (mut topic, vera, maya) = (Topic::default(), visitor(1), agent(2, "maya", &[]));
        assert_eq!(live(&mut topic, &vera, 1), Splice::Live(Need::Nothing));
        assert_eq!(live(&mut topic, &maya, 1), Splice::Live(Need::Nothing));
        for (seq, public) in [(2, true), (3, false), (4, true)] {
            assert_eq!(topic.entry(entry(seq, public)), Need::Nothing);
        }
        assert_eq!(got(&vera), ["2", "4"]);
        assert_eq!(got(&maya), ["2", "3", "4"]);
    }

    #[test]
    fn entries_are_given_once_and_in_order_whatever_order_they_come_in() {
        let (mut topic, vera) = (Topic::default(), visitor(1));
        live(&mut topic, &vera, 0);
        assert_eq!(topic.entry(entry(1, true)), Need::Nothing);
        assert_eq!(topic.entry(entry(3, true)), Need::Repair);
        assert_eq!(topic.lacks(), Some(1));
        assert_eq!(topic.entry(entry(1, true)), Need::Repair, "the gap is still there");
        assert_eq!(topic.entry(entry(4, true)), Need::Repair);
        assert_eq!(got(&vera), ["1"], "nothing is skipped");
        assert_eq!(topic.entry(entry(2, true)), Need::Nothing, "what came early fills it");
        assert_eq!(topic.entry(entry(3, true)), Need::Nothing);
        assert_eq!(got(&vera), ["2", "3", "4"]);
    }

    #[test]
    fn a_replay_is_spliced_without_a_gap_or_a_repeat() {
        let (mut topic, old, new) = (Topic::default(), agent(1, "old", &[]), agent(2, "new", &[]));
        live(&mut topic, &old, 5);
        topic.replay(&new);
        for seq in 6..=8 {
            topic.entry(entry(seq, true));
        }
        assert!(got(&new).is_empty(), "the past comes first");
        // The replay read up to 7, which is beyond what the ring had when it began.
        assert_eq!(topic.splice(new.id, 7), Splice::Live(Need::Nothing));
        topic.entry(entry(9, true));
        assert_eq!(got(&new), ["8", "9"]);
        assert_eq!(got(&old), ["6", "7", "8", "9"]);
    }

    #[test]
    fn a_replay_that_is_ahead_makes_the_others_catch_up() {
        let (mut topic, old, new) = (Topic::default(), agent(1, "old", &[]), agent(2, "new", &[]));
        live(&mut topic, &old, 5);
        assert_eq!(live(&mut topic, &new, 7), Splice::Live(Need::Repair));
        assert_eq!(topic.lacks(), Some(5));
        for seq in 6..=8 {
            topic.entry(entry(seq, true));
        }
        assert_eq!(got(&old), ["6", "7", "8"]);
        assert_eq!(got(&new), ["8"], "it had the others already");
    }

    #[test]
    fn a_replay_that_is_too_far_behind_reads_on() {
        let (mut topic, old, new) = (Topic::default(), agent(1, "old", &[]), agent(2, "new", &[]));
        live(&mut topic, &old, 0);
        topic.replay(&new);
        let end = RING_ENTRIES as i64 + 10;
        for seq in 1..=end {
            topic.entry(entry(seq, true));
        }
        assert_eq!(topic.splice(new.id, 3), Splice::ReadOn);
        assert_eq!(topic.splice(new.id, 20), Splice::Live(Need::Nothing));
        assert_eq!(got(&new).first().map(String::as_str), Some("21"));
        topic.leave(new.id);
        assert_eq!(topic.splice(new.id, 20), Splice::Gone);
    }

    #[test]
    fn what_is_told_before_anybody_is_live_is_not_lost() {
        let (mut topic, vera) = (Topic::default(), visitor(1));
        topic.replay(&vera);
        topic.entry(entry(7, true));
        assert_eq!(topic.splice(vera.id, 5), Splice::ReadOn, "6 is neither read nor told");
        assert_eq!(topic.splice(vera.id, 6), Splice::Live(Need::Nothing));
        assert_eq!(got(&vera), ["7"]);
    }

    #[test]
    fn nobody_is_told_anything_before_it_is_known_that_they_may() {
        let (mut topic, maya) = (Topic::default(), agent(1, "maya", &[]));
        topic.replay(&maya);
        assert_eq!(topic.readers().count(), 0);
        let (read, mut told) = (super::super::testing::state(1), super::super::testing::state(1));
        told.conversation.fence = 1;
        assert!(topic.shows(&told));
        assert!(!topic.admit(maya.id, &read), "it has changed since it was read");
        assert_eq!(topic.readers().count(), 1);
        assert!(topic.admit(maya.id, &read), "once is enough");
    }

    #[test]
    fn an_older_state_is_not_shown() {
        let mut topic = Topic::default();
        let mut state = super::super::testing::state(1);
        state.conversation.fence = 2;
        assert!(topic.shows(&state));
        assert!(!topic.shows(&state), "nothing has changed");
        state.conversation.fence = 1;
        assert!(!topic.shows(&state));
        state.conversation.fence = 2;
        state.conversation.status = Status::Snoozed;
        assert!(topic.shows(&state));
    }

    proptest::proptest! {
        /// Whatever is lost, repeated or reordered on the way: each live reader has a prefix, and after the repair
        /// everything.
        #[test]
        fn nothing_is_ever_skipped(order in proptest::collection::vec(1_i64..40, 0..120), starts in proptest::collection::vec(0_usize..120, 1..4)) {
            let mut topic = Topic::default();
            let readers: Vec<_> = starts.iter().enumerate().map(|(n, _)| agent(n as u64, "a", &[])).collect();
            let mut joined = vec![None; readers.len()];
            let mut head = 0;
            for (step, seq) in order.iter().enumerate() {
                for (n, start) in starts.iter().enumerate() {
                    if *start == step {
                        topic.replay(&readers[n]);
                        match topic.splice(readers[n].id, head) {
                            Splice::Live(_) => joined[n] = Some(head),
                            other => panic!("{other:?}: the present is never too far"),
                        }
                    }
                }
                head = head.max(*seq);
                topic.entry(entry(*seq, true));
            }
            while let Some(after) = topic.lacks() {
                topic.entry(entry(after + 1, true));
            }
            for (reader, joined) in readers.iter().zip(joined) {
                let Some(joined) = joined else { continue };
                let expected: Vec<String> = (joined + 1..=head).map(|seq| seq.to_string()).collect();
                proptest::prop_assert_eq!(got(reader), expected);
            }
        }
    }
}
