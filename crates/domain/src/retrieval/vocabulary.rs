//! The words of a language, kept so that those like another one are found without a look at each of them.

use super::typo::Typo;
use std::collections::BTreeMap;

/// A word that is part of another one has at least so many letters.
const PART_LETTERS: usize = 5;
/// A word with a slip in it has at least so many.
const SLIP_LETTERS: usize = 4;
/// From so many letters on two slips are one word still.
const LONG_LETTERS: usize = 9;

/// How a word is like another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Like {
    /// It is that one.
    Same,
    /// One is part of the other.
    Part,
    /// It is a slip or two away.
    Slip,
}

/// A sum of letters in a row, and the place of a word where they stand.
type At = (u32, u32);

/// The words.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// In order, each once.
    words: Vec<String>,
    /// By number of letters: which letters a word has, see [`letters_of`], and its place.
    by_size: BTreeMap<usize, Vec<(u64, u32)>>,
    /// Where words begin that may be part of others.
    begins: Vec<At>,
    /// Every [`PART_LETTERS`] in a row within a word.
    rows: Vec<At>,
}

impl Vocabulary {
    /// These, in order and each once.
    pub(super) fn new(words: Vec<String>) -> Self {
        let mut all = Self::default();
        let mut letters: Vec<char> = Vec::new();
        for (word, place) in words.iter().zip(0_u32..) {
            letters.clear();
            letters.extend(word.chars());
            all.by_size.entry(letters.len()).or_default().push((letters_of(&letters), place));
            let mut sums = letters.windows(PART_LETTERS).map(sum);
            if let Some(first) = sums.next() {
                all.begins.push((first, place));
                all.rows.push((first, place));
            }
            all.rows.extend(sums.map(|sum| (sum, place)));
        }
        all.begins.sort_unstable();
        all.rows.sort_unstable();
        all.rows.dedup();
        Self { words, ..all }
    }

    /// The word at a place.
    pub(super) fn word(&self, place: usize) -> &str {
        self.words.get(place).map_or("", String::as_str)
    }

    /// The words that are meant by one that was asked for, by place, and how they are like it. Slips are looked for where
    /// the word itself is unknown.
    pub(super) fn like(&self, word: &str) -> Vec<(usize, Like)> {
        let letters: Vec<char> = word.chars().collect();
        let same = self.words.binary_search_by(|other| other.as_str().cmp(word)).ok();
        let mut like: Vec<(usize, Like)> = same.map(|place| (place, Like::Same)).into_iter().collect();
        if letters.len() < PART_LETTERS {
            return like;
        }
        let mut parts = self.longer(word, &letters);
        self.shorter(word, &letters, &mut parts);
        parts.sort_unstable();
        parts.dedup();
        like.extend(parts.iter().map(|place| (*place, Like::Part)));
        if same.is_none() {
            let slips = self.slips(word, &letters).into_iter();
            like.extend(
                slips.filter(|slip| parts.binary_search(slip).is_err()).map(|slip| (slip, Like::Slip)),
            );
        }
        like
    }

    /// Those that have the word in them: whichever letters of it are rarest, they have them.
    fn longer(&self, word: &str, letters: &[char]) -> Vec<usize> {
        let at = letters.windows(PART_LETTERS).map(|row| range(&self.rows, sum(row)));
        let rarest = at.min_by_key(|at| at.len()).unwrap_or_default();
        let places = rarest.iter().map(|(_, place)| *place as usize);
        places.filter(|place| self.word(*place) != word && self.word(*place).contains(word)).collect()
    }

    /// Those that stand in the word: where they do, they begin.
    fn shorter(&self, word: &str, letters: &[char], found: &mut Vec<usize>) {
        let starts = word.char_indices().map(|(start, _)| start);
        for (start, row) in starts.zip(letters.windows(PART_LETTERS)) {
            let rest = word.get(start..).unwrap_or_default();
            let places = range(&self.begins, sum(row)).iter().map(|(_, place)| *place as usize);
            found.extend(
                places.filter(|place| rest.starts_with(self.word(*place)) && self.word(*place) != word),
            );
        }
    }

    /// Those that are a slip or two away: as long, but for so many letters, and of the same letters, but for two each.
    fn slips(&self, word: &str, letters: &[char]) -> Vec<usize> {
        let most: u32 = if letters.len() >= LONG_LETTERS { 2 } else { 1 };
        let own = letters_of(letters);
        let sizes =
            letters.len().saturating_sub(most as usize).max(SLIP_LETTERS)..=letters.len() + most as usize;
        let mut typo = Typo::of(word);
        let mut found = Vec::new();
        for of_size in self.by_size.range(sizes).map(|(_, of_size)| of_size) {
            for (has, place) in of_size {
                let place = *place as usize;
                if (has ^ own).count_ones() <= 2 * most && typo.is_within(self.word(place), most as usize) {
                    found.push(place);
                }
            }
        }
        found
    }
}

/// Which letters there are, as bits; some letters share one.
fn letters_of(letters: &[char]) -> u64 {
    letters.iter().fold(0, |bits, letter| bits | 1 << (u32::from(*letter) % u64::BITS))
}

/// A number for letters in a row; others may have it too.
fn sum(letters: &[char]) -> u32 {
    // FNV-1a.
    letters.iter().fold(0x811c_9dc5, |sum, letter| (sum ^ u32::from(*letter)).wrapping_mul(0x0100_0193))
}

/// Those of a sum.
fn range(all: &[At], sum: u32) -> &[At] {
    let (from, to) = (all.partition_point(|(of, _)| *of < sum), all.partition_point(|(of, _)| *of <= sum));
    all.get(from..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::typo::tests::within;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// The same, said by looking at each word.
    fn by_all(words: &BTreeSet<String>, word: &str) -> BTreeSet<(String, Like)> {
        let letters = word.chars().count();
        let mut like = BTreeSet::new();
        let known = words.contains(word);
        if known {
            like.insert((word.to_owned(), Like::Same));
        }
        if letters < 5 {
            return like;
        }
        let slips = if letters >= 9 { 2 } else { 1 };
        for other in words {
            let size = other.chars().count();
            let part =
                size != letters && size >= 5 && (other.contains(word) || word.contains(other.as_str()));
            if part {
                like.insert((other.clone(), Like::Part));
            } else if !known && size >= 4 && size.abs_diff(letters) <= slips && within(word, other, slips) {
                like.insert((other.clone(), Like::Slip));
            }
        }
        like
    }

    fn check(words: &BTreeSet<String>, asked: &str) {
        let vocabulary = Vocabulary::new(words.iter().cloned().collect());
        let like = vocabulary.like(asked);
        let found: BTreeSet<_> =
            like.iter().map(|(place, how)| (vocabulary.word(*place).to_owned(), *how)).collect();
        assert_eq!(found.len(), like.len(), "each once: {like:?}");
        assert_eq!(found, by_all(words, asked), "{asked} in {words:?}");
    }

    #[test]
    fn parts_slips_and_the_word_itself_are_found() {
        let words = ["order", "orders", "reorder", "ordre", "orderly", "border", "cat", "größer", "größere"];
        let words: BTreeSet<String> = words.into_iter().map(str::to_owned).collect();
        for asked in ["order", "oredr", "preorders", "cat", "größer", "grösser", "", "o", "orderorderorder"]
        {
            check(&words, asked);
        }
        check(&BTreeSet::new(), "order");
    }

    proptest! {
        #[test]
        fn what_is_like_a_word_is_what_a_look_at_each_finds(
            words in proptest::collection::btree_set("[abü]{1,12}", 0..60),
            asked in "[abü]{0,14}",
        ) {
            check(&words, &asked);
        }

        #[test]
        fn a_word_with_slips_in_it_is_found_as_before(
            words in proptest::collection::btree_set("[a-hé]{3,13}", 1..40),
            which in any::<prop::sample::Index>(),
            slips in proptest::collection::vec((any::<prop::sample::Index>(), 0..4_u8, "[a-hé]"), 0..4),
        ) {
            let mut asked: Vec<char> = words.iter().nth(which.index(words.len())).unwrap().chars().collect();
            for (at, how, letter) in slips {
                let at = at.index(asked.len().max(1));
                let letter = letter.chars().next().unwrap();
                match how {
                    0 => asked.insert(at.min(asked.len()), letter),
                    1 if at < asked.len() => drop(asked.remove(at)),
                    2 if at < asked.len() => asked[at] = letter,
                    _ if at + 1 < asked.len() => asked.swap(at, at + 1),
                    _ => {}
                }
            }
            check(&words, &asked.into_iter().collect::<String>());
        }
    }
}
