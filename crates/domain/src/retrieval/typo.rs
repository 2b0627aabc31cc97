//! How far two words are from each other.

/// A word, to be compared with many others.
#[derive(Debug)]
pub(super) struct Typo {
    word: Vec<char>,
    other: Vec<char>,
    /// Rows of the table of distances: the one before the last one, the last one, and the one that is filled.
    rows: [Vec<usize>; 3],
}

impl Typo {
    /// Of this word.
    pub(super) fn of(word: &str) -> Self {
        Self { word: word.chars().collect(), other: Vec::new(), rows: Default::default() }
    }

    /// Whether it becomes `other` by at most `most` insertions, deletions, replacements, or exchanges of neighbours.
    pub(super) fn is_within(&mut self, other: &str, most: usize) -> bool {
        let Self { word, other: b, rows: [before, last, row] } = self;
        b.clear();
        b.extend(other.chars());
        if word.len().abs_diff(b.len()) > most {
            return false;
        }
        last.clear();
        last.extend(0..=b.len());
        for (i, x) in word.iter().enumerate() {
            row.clear();
            row.push(i + 1);
            for (j, y) in b.iter().enumerate() {
                let swapped = i > 0 && j > 0 && word[i - 1] == *y && b[j - 1] == *x;
                let swap = if swapped { before[j - 1] + 1 } else { usize::MAX };
                row.push((last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1).min(swap));
            }
            if row.iter().all(|cost| *cost > most) {
                return false;
            }
            std::mem::swap(before, last);
            std::mem::swap(last, row);
        }
        last.last().is_some_and(|cost| *cost <= most)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::Typo;
    use proptest::prelude::*;

    /// The same, for two words that are compared with nothing else.
    pub(in crate::retrieval) fn within(a: &str, b: &str, most: usize) -> bool {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        if a.len().abs_diff(b.len()) > most {
            return false;
        }
        let mut before: Vec<usize> = Vec::new();
        let mut last: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut row = vec![i + 1];
            for (j, y) in b.iter().enumerate() {
                let swapped = i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x;
                let swap = if swapped { before[j - 1] + 1 } else { usize::MAX };
                row.push((last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1).min(swap));
            }
            if row.iter().all(|cost| *cost > most) {
                return false;
            }
            before = std::mem::replace(&mut last, row);
        }
        last.last().is_some_and(|cost| *cost <= most)
    }

    #[test]
    fn one_slip_of_the_finger_is_one() {
        for (a, b) in
            [("refund", "refnud"), ("invoice", "invoce"), ("invoice", "invoicee"), ("order", "ordar")]
        {
            assert!(Typo::of(a).is_within(b, 1) && Typo::of(b).is_within(a, 1), "{a} {b}");
        }
        assert!(!Typo::of("refund").is_within("refill", 1));
        let mut long = Typo::of("subscription");
        assert!(long.is_within("subscirpiton", 2) && !long.is_within("subscirpiton", 1));
        assert!(Typo::of("").is_within("", 0) && !Typo::of("").is_within("ab", 1));
    }

    proptest! {
        #[test]
        fn one_after_the_other_they_are_as_far_as_by_themselves(
            word in "[abcé]{0,8}", others in proptest::collection::vec("[abcé]{0,9}", 1..8), most in 0..4_usize,
        ) {
            let mut typo = Typo::of(&word);
            for other in others {
                prop_assert_eq!(typo.is_within(&other, most), within(&word, &other, most), "{} {}", word, other);
            }
        }
    }
}
