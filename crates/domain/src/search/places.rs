//! In which lines a word stands. Lines are numbered in the order in which they are indexed, and [`PAGE_LINES`] of them are
//! a page; what the index keeps of a word on a page is a text of two characters for each line that has it, so that more
//! lines are added at the end.

use std::ops::Range;

/// Lines of a page: as many as two characters can tell apart.
pub const PAGE_LINES: i64 = 4_096;

const DIGITS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const WORDS: usize = 64;

/// What a digit is worth.
fn value(digit: u8) -> Option<u8> {
    Some(match digit {
        b'0'..=b'9' => digit - b'0',
        b'A'..=b'Z' => digit - b'A' + 10,
        b'a'..=b'z' => digit - b'a' + 36,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    })
}

/// A set of lines of one page.
#[derive(Clone, PartialEq, Eq)]
pub struct Places([u64; WORDS]);

impl std::fmt::Debug for Places {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.newest_first()).finish()
    }
}

impl Default for Places {
    fn default() -> Self {
        Self([0; WORDS])
    }
}

impl Places {
    /// All lines of a page.
    pub fn all() -> Self {
        Self([u64::MAX; WORDS])
    }

    /// The page of a line, and its place there.
    pub fn of(line: i64) -> (i64, usize) {
        (line.div_euclid(PAGE_LINES), usize::try_from(line.rem_euclid(PAGE_LINES)).unwrap_or_default())
    }

    /// Adds what the text says; what says nothing is passed over.
    pub fn add(&mut self, text: &str) {
        for pair in text.as_bytes().chunks_exact(2) {
            if let [high, low] = *pair
                && let (Some(high), Some(low)) = (value(high), value(low))
                && let Some(word) = self.0.get_mut(usize::from(high))
            {
                *word |= 1 << low;
            }
        }
    }

    /// Adds one.
    pub fn insert(&mut self, place: usize) {
        if let Some(word) = self.0.get_mut(place / WORDS) {
            *word |= 1 << (place % WORDS);
        }
    }

    /// Takes one away.
    pub fn remove(&mut self, place: usize) {
        if let Some(word) = self.0.get_mut(place / WORDS) {
            *word &= !(1 << (place % WORDS));
        }
    }

    /// Keeps those that are in `other` too.
    pub fn keep(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word &= other);
    }

    /// Keeps those below a place.
    pub fn keep_below(&mut self, place: usize) {
        for (at, word) in self.0.iter_mut().enumerate() {
            let Range { start, end } = at * WORDS..(at + 1) * WORDS;
            if start >= place {
                *word = 0;
            } else if place < end {
                *word &= (1_u64 << (place - start)) - 1;
            }
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// From the newest on.
    pub fn newest_first(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().rev().flat_map(|(at, word)| {
            (0..WORDS).rev().filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * WORDS + bit)
        })
    }

    /// As it is kept.
    pub fn text(&self) -> String {
        let mut places: Vec<usize> = self.newest_first().collect();
        places.reverse();
        places.into_iter().map(Self::one).collect()
    }

    /// One place as it is kept.
    pub fn one(place: usize) -> String {
        let digit = |at: usize| DIGITS.get(at).map_or('0', |b| char::from(*b));
        [digit(place / WORDS), digit(place % WORDS)].into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::btree_set;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn set(places: &BTreeSet<usize>) -> Places {
        let mut set = Places::default();
        places.iter().for_each(|place| set.insert(*place));
        set
    }

    #[test]
    fn lines_lie_on_pages() {
        assert_eq!(Places::of(0), (0, 0));
        assert_eq!(Places::of(4_095), (0, 4_095));
        assert_eq!(Places::of(4_096), (1, 0));
        let mut spoilt = Places::default();
        spoilt.add("!!0");
        assert!(spoilt.is_empty());
    }

    proptest! {
        #[test]
        fn sets_do_what_sets_do(a in btree_set(0..4096_usize, 0..60), b in btree_set(0..4096_usize, 0..60), at in 0..4097_usize) {
            let text: String = a.iter().map(|place| Places::one(*place)).collect();
            let mut read = Places::default();
            read.add(&text);
            prop_assert_eq!(&read, &set(&a));
            prop_assert_eq!(read.text(), text);
            let both: Vec<usize> = a.iter().rev().copied().filter(|place| b.contains(place)).collect();
            let mut kept = read.clone();
            kept.keep(&set(&b));
            prop_assert_eq!(kept.newest_first().collect::<Vec<_>>(), both);
            let mut below = read.clone();
            below.keep_below(at);
            prop_assert_eq!(&below, &set(&a.iter().copied().filter(|place| *place < at).collect()));
            b.iter().for_each(|place| read.remove(*place));
            prop_assert_eq!(&read, &set(&a.difference(&b).copied().collect()));
        }
    }
}
