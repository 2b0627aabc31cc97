//! Words: split as Unicode says, in lower case, cut to their stems.

use super::stop::is_stop;
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

/// Longest word that is looked at, in bytes; longer ones are no words.
const WORD_BYTES: usize = 64;

/// How the words of a language are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Tongue {
    English,
    German,
    Dutch,
    French,
    Spanish,
    Italian,
    Portuguese,
    /// Any other: without stems.
    Other,
}

impl Tongue {
    /// That of a language's code.
    pub(super) fn of(language: &str) -> Self {
        match language.split('-').next().unwrap_or_default() {
            "en" => Self::English,
            "de" => Self::German,
            "nl" => Self::Dutch,
            "fr" => Self::French,
            "es" => Self::Spanish,
            "it" => Self::Italian,
            "pt" => Self::Portuguese,
            _ => Self::Other,
        }
    }

    fn stemmer(self) -> Option<Stemmer> {
        Some(Stemmer::create(match self {
            Self::English => Algorithm::English,
            Self::German => Algorithm::German,
            Self::Dutch => Algorithm::Dutch,
            Self::French => Algorithm::French,
            Self::Spanish => Algorithm::Spanish,
            Self::Italian => Algorithm::Italian,
            Self::Portuguese => Algorithm::Portuguese,
            Self::Other => return None,
        }))
    }

    /// The stems of a text's words, those that say nothing left out.
    pub(super) fn stems(self, text: &str) -> Vec<String> {
        let stemmer = self.stemmer();
        let words = text.unicode_words().filter(|word| word.len() <= WORD_BYTES);
        let words = words.map(|word| word.to_lowercase().replace('’', "'"));
        let telling = words.filter(|word| !is_stop(word));
        telling.map(|word| self.stem(stemmer.as_ref(), &word)).filter(|stem| !stem.is_empty()).collect()
    }

    fn stem(self, stemmer: Option<&Stemmer>, word: &str) -> String {
        let word = word.strip_suffix("'s").unwrap_or(word);
        let word = if self == Self::German { transcribed(word) } else { word.to_owned() };
        let stem = stemmer.map_or_else(|| word.clone(), |stemmer| stemmer.stem(&word).into_owned());
        stem.nfkd().filter(|c| !is_combining_mark(*c) && *c != '\'').collect()
    }
}

/// `ae`, `oe` and `ue`, which stand for umlauts on other keyboards, as the umlauts.
fn transcribed(word: &str) -> String {
    word.replace("ae", "ä")
        .replace("oe", "ö")
        .replace("ue", "ü")
        .replace("qü", "que")
        .replace("eü", "eue")
        .replace("aü", "aue")
        .replace("ß", "ss")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_one() {
        let one = |tongue: Tongue, words: &[&str]| {
            let stems: Vec<_> = words.iter().flat_map(|word| tongue.stems(word)).collect();
            assert_eq!(stems.len(), words.len(), "{stems:?}");
            assert!(stems.iter().all(|stem| stem == &stems[0]), "{stems:?}");
        };
        one(Tongue::English, &["refund", "Refunds", "refunded", "refund's"]);
        one(Tongue::German, &["Rechnung", "Rechnungen", "rechnung"]);
        one(Tongue::German, &["ändern", "aendern"]);
        one(Tongue::Other, &["café", "CAFÉ", "cafe\u{301}"]);
    }

    #[test]
    fn words_that_say_nothing_are_left_out() {
        assert!(Tongue::English.stems("Hi, how can I do that?").is_empty());
        assert!(Tongue::German.stems("Hallo, wie kann ich das machen?").is_empty());
        assert_eq!(Tongue::English.stems("how do I pay 30€?"), ["pay", "30"]);
    }

    #[test]
    fn what_is_no_word_does_no_harm() {
        assert!(Tongue::English.stems(&"x".repeat(1_000_000)).is_empty());
        assert!(Tongue::English.stems("\u{202e} … 🎉 \u{0}").is_empty());
        assert_eq!(Tongue::Other.stems("返金").len(), 2);
    }
}
