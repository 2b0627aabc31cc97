//! Words of a text, as they are indexed and asked for.

use std::collections::BTreeSet;
use std::iter::once;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Characters of a word that count; longer ones are told apart by no more.
pub const WORD_CHARS: usize = 32;
/// Different words of one message or note that are indexed: more than a text that people write has.
pub const LINE_WORDS: usize = 1_000;

/// A word, and the bytes of the text that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// In lower case, without accents and other marks, at most [`WORD_CHARS`] characters.
    pub text: String,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// Whether a script writes no spaces, so that each of its characters is a word, and what is asked for a phrase of these.
pub(super) fn stands_alone(c: char) -> bool {
    matches!(u32::from(c),
        // Thai and Lao, Burmese, Khmer; kana; Han.
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFF66..=0xFF9F | 0x2_0000..=0x3_FFFF)
}

/// The words of a text, in their order.
pub fn words(text: &str) -> Vec<Word> {
    let mut all: Vec<Word> = Vec::new();
    let mut is_open = false;
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        if is_combining_mark(c) {
            // It belongs to what it stands on.
            if let Some(word) = all.last_mut().filter(|word| word.end == start) {
                word.end = end;
            }
        } else if !c.is_alphanumeric() {
            is_open = false;
        } else if let Some(word) = all.last_mut().filter(|_| is_open && !stands_alone(c)) {
            grow(word, c, end);
        } else {
            let mut word = Word { text: String::new(), start, end };
            grow(&mut word, c, end);
            // What nothing is left of, a mark by itself, is no word.
            if !word.text.is_empty() {
                all.push(word);
                is_open = !stands_alone(c);
            }
        }
    }
    all
}

/// The different words of a text that are indexed.
pub fn distinct(text: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for word in words(text) {
        all.insert(word.text);
        if all.len() >= LINE_WORDS {
            break;
        }
    }
    all
}

fn grow(word: &mut Word, c: char, end: usize) {
    word.end = end;
    let room = WORD_CHARS.saturating_sub(word.text.chars().count());
    if c.is_ascii() {
        word.text.extend(once(c.to_ascii_lowercase()).take(room));
        return;
    }
    let plain = once(c).nfkd().flat_map(char::to_lowercase);
    word.text.extend(plain.filter(|c| c.is_alphanumeric() && !is_combining_mark(*c)).take(room));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn words_are_plain() {
        assert_eq!(texts("Order #A-1234, café CRÈME!"), ["order", "a", "1234", "cafe", "creme"]);
        assert_eq!(texts("e\u{301}te\u{301} İstanbul ｆｕｌｌ"), ["ete", "istanbul", "full"]);
        assert_eq!(texts("Привет, МИР"), ["привет", "мир"]);
        assert_eq!(texts("東京 tower"), ["東", "京", "tower"]);
        assert_eq!(texts(" \u{301} -- 🦀 '' "), Vec::<String>::new());
        assert_eq!(texts(&"x".repeat(99)), ["x".repeat(WORD_CHARS)]);
    }

    #[test]
    fn a_word_knows_where_it_stands_marks_included() {
        let text = "« cafe\u{301}s »";
        let word = &words(text)[0];
        assert_eq!((&text[word.start..word.end], word.text.as_str()), ("cafe\u{301}s", "cafes"));
    }

    #[test]
    fn a_line_has_its_most() {
        let text: String = (0..LINE_WORDS * 2).map(|n| format!("w{n} ")).collect();
        assert_eq!(distinct(&text).len(), LINE_WORDS);
    }

    proptest! {
        #[test]
        fn places_are_in_order_and_words_of_words_are_the_same(text in "\\PC{0,80}") {
            let all = words(&text);
            prop_assert!(all.windows(2).all(|pair| pair[0].end <= pair[1].start));
            for word in &all {
                prop_assert!(text.get(word.start..word.end).is_some_and(|piece| !piece.is_empty()));
                prop_assert!(word.text.chars().count() <= WORD_CHARS && !word.text.is_empty());
                let again: String = texts(&word.text).concat();
                prop_assert_eq!(&again, &word.text);
            }
        }
    }
}
