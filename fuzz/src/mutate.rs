//! Changes to an input, always the same ones for a seed: for runs without libFuzzer.

/// Inputs do not grow beyond this, in bytes; larger ones than the edge takes are among them.
pub const LONGEST: usize = 80 * 1024;
/// Changes at a time, at most.
const CHANGES: u64 = 6;
/// A slice is repeated so often, at most.
const REPEATS: u64 = 64;

/// Small, quick and the same everywhere (SplitMix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 when there is none.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        usize::try_from(self.next().checked_rem(bound).unwrap_or_default()).unwrap_or_default()
    }

    /// One of several; none of none.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
}

/// Changes `input` in a few places, with fragments that mean something to whoever reads it and with pieces of `other`.
pub fn mutate(input: &mut Vec<u8>, other: &[u8], words: &[&str], dice: &mut Dice) {
    for _ in 0..=dice.next() % CHANGES {
        let at = dice.below(input.len() + 1);
        let end = (at + dice.below(24)).min(input.len());
        match dice.next() % 9 {
            0 => put(input, at, &[dice.next().to_le_bytes()[0]]),
            1 => input.truncate(at),
            2 => drop(input.drain(at..end)),
            3 | 4 => {
                let word = dice.one(words).copied().unwrap_or_default();
                put(input, at, word.as_bytes());
            }
            5 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << (dice.next() % 8);
                }
            }
            6 => {
                let piece = input.get(at..end).unwrap_or_default().repeat(1 + dice.below(REPEATS as usize));
                put(input, at, &piece);
            }
            7 => {
                let from = dice.below(other.len());
                put(input, at, other.get(from..).unwrap_or_default());
            }
            _ => {
                let word = dice.one(words).copied().unwrap_or_default();
                input.splice(at..end, word.bytes());
            }
        }
        input.truncate(LONGEST);
    }
}

fn put(input: &mut Vec<u8>, at: usize, piece: &[u8]) {
    input.splice(at..at, piece.iter().copied());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_changes_and_nothing_grows_without_end() {
        let make = |seed| {
            let (mut dice, mut input) = (Dice::new(seed), b"hello".to_vec());
            for _ in 0..2_000 {
                mutate(&mut input, b"other", &["word"], &mut dice);
            }
            input
        };
        assert_eq!(make(7), make(7));
        assert_ne!(make(7), make(8));
        assert!(make(7).len() <= LONGEST);
    }
}
