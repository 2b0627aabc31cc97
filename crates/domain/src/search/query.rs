//! What is asked for: words, all of which a line must have; what is quoted or written together, in this order.

use super::words::{stands_alone, words};
use std::ops::Range;

/// Longest question, in characters.
pub const QUERY_CHARS: usize = 200;
/// Most words of a question.
pub const QUERY_WORDS: usize = 16;
/// The last word may be the beginning of one when it has so many characters: with fewer nearly every line has one.
const PREFIX_CHARS: usize = 2;

/// A word asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// As [`super::Word::text`].
    pub word: String,
    /// Words that begin so are meant as well.
    pub prefix: bool,
}

impl Term {
    fn fits(&self, word: &str) -> bool {
        if self.prefix { word.starts_with(&self.word) } else { word == self.word }
    }
}

/// What is asked for. Nothing in it is an operator: there is no question that means something else than it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Each of these stands in the line, its words one after another.
    phrases: Vec<Vec<Term>>,
}

/// Why nothing can be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadQuery {
    /// It has no words.
    #[error("write a word to look for: letters or digits")]
    Blank,
    /// It is too long.
    #[error("give at most {QUERY_CHARS} characters")]
    TooLong,
    /// It has too many words.
    #[error("give at most {QUERY_WORDS} words")]
    TooMany,
}

impl Query {
    /// Reads a question. `"…"` keeps words together, and so does what is written without a space; `*` behind a word means
    /// every word that begins so, and the last word may always be a beginning.
    ///
    /// # Errors
    /// When it has no words, or too many.
    pub fn parse(text: &str) -> Result<Self, BadQuery> {
        if text.chars().nth(QUERY_CHARS).is_some() {
            return Err(BadQuery::TooLong);
        }
        let mut phrases = Vec::new();
        let mut quoted = false;
        for part in text.split(['"', '“', '”', '„']) {
            if quoted {
                phrases.push(phrase(part, false));
            } else {
                phrases.extend(part.split_whitespace().map(|piece| phrase(piece, piece.ends_with('*'))));
            }
            quoted = !quoted;
        }
        phrases.retain(|phrase: &Vec<Term>| !phrase.is_empty());
        // Somebody may still be writing the last word.
        let goes_on = text.chars().next_back().is_some_and(char::is_alphanumeric);
        if let Some(last) = phrases.last_mut().and_then(|phrase| phrase.last_mut()).filter(|_| goes_on) {
            last.prefix = may_go_on(&last.word);
        }
        match phrases.iter().map(Vec::len).sum::<usize>() {
            0 => Err(BadQuery::Blank),
            1..=QUERY_WORDS => Ok(Self { phrases }),
            _ => Err(BadQuery::TooMany),
        }
    }

    /// Every word of it, each once.
    pub fn terms(&self) -> Vec<&Term> {
        let mut all: Vec<&Term> = Vec::new();
        for term in self.phrases.iter().flatten() {
            if !all.contains(&term) {
                all.push(term);
            }
        }
        all
    }

    /// Where it stands in a text, in order and apart; none when the text is not what is looked for.
    pub fn find(&self, text: &str) -> Option<Vec<Range<usize>>> {
        let words = words(text);
        let mut found = Vec::new();
        for phrase in &self.phrases {
            let before = found.len();
            for run in words.windows(phrase.len()) {
                if run.iter().zip(phrase).all(|(word, term)| term.fits(&word.text)) {
                    found.extend(run.first().zip(run.last()).map(|(first, last)| first.start..last.end));
                }
            }
            if found.len() == before {
                return None;
            }
        }
        found.sort_by_key(|range| (range.start, range.end));
        let mut apart: Vec<Range<usize>> = Vec::with_capacity(found.len());
        for range in found {
            match apart.last_mut().filter(|last| range.start < last.end) {
                Some(last) => last.end = last.end.max(range.end),
                None => apart.push(range),
            }
        }
        Some(apart)
    }
}

fn phrase(text: &str, prefix: bool) -> Vec<Term> {
    let mut terms: Vec<Term> =
        words(text).into_iter().map(|word| Term { word: word.text, prefix: false }).collect();
    if let Some(last) = terms.last_mut().filter(|_| prefix) {
        last.prefix = may_go_on(&last.word);
    }
    terms
}

fn may_go_on(word: &str) -> bool {
    word.chars().count() >= PREFIX_CHARS && !word.chars().any(stands_alone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found<'a>(query: &str, text: &'a str) -> Option<Vec<&'a str>> {
        let found = Query::parse(query).unwrap().find(text)?;
        Some(found.into_iter().map(|range| &text[range]).collect())
    }

    #[test]
    fn all_words_must_stand_in_the_line() {
        let text = "My order A-1234 was late. Please refund the order!";
        assert_eq!(found("refund ORDER", text), Some(vec!["order", "refund", "order"]));
        assert_eq!(found("refund invoice", text), None);
        assert_eq!(found("ref", text), Some(vec!["refund"]), "the last word may go on");
        assert_eq!(found("ref order", text), None, "others may not");
        assert_eq!(found("ref* order", text), Some(vec!["order", "refund", "order"]));
        assert_eq!(found("ref ", text), None, "it has ended");
        assert_eq!(found("a-1234", text), Some(vec!["A-1234"]));
        assert_eq!(found("1234-a", text), None);
        assert_eq!(found("\"refund the order\"", text), Some(vec!["refund the order"]));
        assert_eq!(found("\"the refund\"", text), None);
        assert_eq!(found("\"refund the", text), Some(vec!["refund the"]), "a quote that is still open");
        assert_eq!(found("京都", "東京都 と 京都"), Some(vec!["京都", "京都"]));
    }

    #[test]
    fn what_looks_like_an_operator_is_text() {
        for odd in
            ["a OR b", "-x", "NEAR(a b)", "x:y", "%_", "'; DROP TABLE entries; --", "+a >b", "a^2", "\0a"]
        {
            match Query::parse(odd) {
                Ok(query) => assert!(!query.terms().is_empty()),
                Err(bad) => assert_eq!(bad, BadQuery::Blank, "{odd}"),
            }
        }
        assert_eq!(found("or", "this OR that"), Some(vec!["OR"]));
    }

    #[test]
    fn bounds() {
        assert_eq!(Query::parse(" \" -- \" * "), Err(BadQuery::Blank));
        assert_eq!(Query::parse(&"x".repeat(QUERY_CHARS + 1)), Err(BadQuery::TooLong));
        assert_eq!(Query::parse(&"x y ".repeat(QUERY_WORDS)), Err(BadQuery::TooMany));
        assert!(BadQuery::TooMany.to_string().contains(&QUERY_WORDS.to_string()));
    }

    proptest! {
        #[test]
        fn whatever_is_asked_is_found_in_itself(text in "\\PC{0,120}") {
            if let Ok(query) = Query::parse(&text) {
                let unquoted = text.replace(['"', '“', '”', '„'], " ");
                prop_assert!(query.find(&unquoted).is_some_and(|found| !found.is_empty()));
                for term in query.terms() {
                    prop_assert!(words(&text).iter().any(|word| term.fits(&word.text)));
                }
            }
        }
    }
}
