//! The newest entries of a conversation, without gaps between them, shared with every socket that gets them.

use crate::limits::{RING_BYTES, RING_ENTRIES};
use std::collections::VecDeque;
use switchboard_wire::notice::EntryNotice;

/// Entries with consecutive places.
#[derive(Debug, Default)]
pub(super) struct Ring {
    entries: VecDeque<EntryNotice>,
    bytes: usize,
}

impl Ring {
    /// Adds the entry that comes next. One that does not follow the last begins the ring anew.
    pub(super) fn push(&mut self, entry: EntryNotice) {
        if self.entries.back().is_some_and(|last| last.seq + 1 != entry.seq) {
            self.clear();
        }
        self.bytes += entry.frame.len();
        self.entries.push_back(entry);
        while self.entries.len() > RING_ENTRIES || (self.bytes > RING_BYTES && self.entries.len() > 1) {
            if let Some(oldest) = self.entries.pop_front() {
                self.bytes -= oldest.frame.len();
            }
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Everything after `seq`, if nothing of it has left the ring.
    pub(super) fn after(&self, seq: i64) -> Option<impl Iterator<Item = &EntryNotice>> {
        let first = self.entries.front()?.seq;
        let skip = usize::try_from(seq + 1 - first).ok()?;
        Some(self.entries.iter().skip(skip))
    }

    /// The entry at a place.
    pub(super) fn at(&self, seq: i64) -> Option<&EntryNotice> {
        let first = self.entries.front()?.seq;
        self.entries.get(usize::try_from(seq - first).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::entry;
    use super::*;

    fn after(ring: &Ring, seq: i64) -> Option<Vec<i64>> {
        ring.after(seq).map(|entries| entries.map(|e| e.seq).collect())
    }

    #[test]
    fn it_knows_what_it_no_longer_has() {
        let mut ring = Ring::default();
        assert_eq!(after(&ring, 0), None);
        (1..=5).for_each(|seq| ring.push(entry(seq, true)));
        assert_eq!(after(&ring, 0), Some(vec![1, 2, 3, 4, 5]));
        assert_eq!(after(&ring, 3), Some(vec![4, 5]));
        assert_eq!(after(&ring, 5), Some(vec![]));
        (6..=RING_ENTRIES as i64 + 1).for_each(|seq| ring.push(entry(seq, true)));
        assert_eq!(after(&ring, 0), None, "entry 1 has left");
        assert_eq!(after(&ring, 1).map(|all| all.len()), Some(RING_ENTRIES));
        assert_eq!((ring.at(1).is_some(), ring.at(2).map(|e| e.seq)), (false, Some(2)));
    }

    #[test]
    fn a_gap_begins_it_anew_and_bytes_are_bounded() {
        let mut ring = Ring::default();
        ring.push(entry(1, true));
        ring.push(entry(3, true));
        assert_eq!((after(&ring, 1), after(&ring, 2)), (None, Some(vec![3])));
        let mut large = entry(4, true);
        large.frame = "x".repeat(RING_BYTES).into();
        ring.push(large);
        assert_eq!((after(&ring, 2), after(&ring, 3)), (None, Some(vec![4])));
    }
}
