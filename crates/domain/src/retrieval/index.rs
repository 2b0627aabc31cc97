//! The index: what is asked of it, and the answer.

use super::passage::{TEXT_CHARS, cut, excerpt, plain};
use super::vocabulary::{Like, Vocabulary};
use super::words::Tongue;
use crate::article::QUERY_CHARS;
use std::collections::{BTreeMap, HashMap};

/// How soon more of the same word says no more (BM25's k1).
const SATURATION: f64 = 1.2;
/// How much long texts are held back (BM25's b).
const LENGTH: f64 = 0.75;
/// What a word in the title counts, beside one in the text.
const TITLE: f64 = 4.0;
/// What a word among the keywords counts.
const KEYWORD: f64 = 3.0;
/// What a word counts that is one slip of the finger away.
const SLIP: f64 = 0.8;
/// What a word counts that is part of a longer one, or begins alike: compounds and forms that stems do not bring together.
const PART: f64 = 0.6;
/// The preference for the asker's own language.
const OWN_LANGUAGE: f64 = 1.15;
/// What a well-placed word reaches; a question of which every word does is covered in full.
const FULL: f64 = 0.72;
/// Most words of a question that are looked up.
const QUERY_WORDS: usize = 32;
/// From this confidence an article is given as the answer. Measured: see `docs/faq.md`.
pub const SURE: f64 = 0.4;

/// An article to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its name.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Other words for it.
    pub keywords: Vec<String>,
    /// Markdown.
    pub body: String,
    /// Its language.
    pub language: String,
}

/// A document that fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<'a> {
    /// Which.
    pub document: &'a Document,
    /// For the order.
    pub score: f64,
    /// How well it covers the question, from 0 to 1.
    pub confidence: f64,
    /// The passage that fits best.
    pub excerpt: String,
    /// The beginning of the text.
    pub text: String,
}

/// What a question finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<'a> {
    /// Best first.
    pub found: Vec<Found<'a>>,
    /// Whether the first one may be given as the answer.
    pub sure: bool,
    /// Whether the question has a word by which something could be found.
    pub asks: bool,
}

/// All documents of a language, by word.
#[derive(Debug, Default)]
struct Group {
    documents: usize,
    words: Vocabulary,
    /// Where each word stands, and how much it weighs there, from 0 to 1.
    places: Vec<Vec<(usize, f64)>>,
}

/// Everything that can be found.
#[derive(Debug, Default)]
pub struct Index {
    documents: Vec<Document>,
    groups: BTreeMap<Tongue, Group>,
}

impl Index {
    /// An index of these documents.
    pub fn new(documents: Vec<Document>) -> Self {
        let mut groups: BTreeMap<Tongue, Group> = BTreeMap::new();
        let mut texts: Vec<(Tongue, Vec<String>)> = Vec::new();
        for document in &documents {
            let tongue = Tongue::of(&document.language);
            groups.entry(tongue).or_default().documents += 1;
            texts.push((tongue, tongue.stems(&plain(&document.body).join("\n"))));
        }
        for (tongue, group) in &mut groups {
            let own = texts.iter().enumerate().filter(|(_, (of, _))| of == tongue);
            let words: usize = own.clone().map(|(_, (_, words))| words.len()).sum();
            let mut weights: BTreeMap<String, Vec<(usize, f64)>> = BTreeMap::new();
            let usual = (number(words) / number(group.documents)).max(1.0);
            for (place, (_, words)) in own {
                let document = &documents[place];
                let length = 1.0 - LENGTH + LENGTH * number(words.len()) / usual;
                let mut counts: HashMap<String, f64> = HashMap::new();
                let mut count = |words: Vec<String>, worth: f64| {
                    for word in words {
                        *counts.entry(word).or_default() += worth;
                    }
                };
                count(words.clone(), 1.0 / length);
                count(tongue.stems(&document.title), TITLE);
                // Said once or twice among the keywords: it is the same word.
                let mut keywords = tongue.stems(&document.keywords.join("\n"));
                keywords.sort_unstable();
                keywords.dedup();
                count(keywords, KEYWORD);
                for (word, count) in counts {
                    let weight = count / (SATURATION + count);
                    weights.entry(word).or_default().push((place, weight));
                }
            }
            let (words, places) = weights.into_iter().unzip();
            (group.words, group.places) = (Vocabulary::new(words), places);
        }
        Self { documents, groups }
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// The documents that fit `question` best, at most `limit`, those in the language of `locale` first where two fit
    /// alike.
    pub fn search(&self, question: &str, locale: Option<&str>, limit: usize) -> Answer<'_> {
        let question: String = question.chars().take(QUERY_CHARS).collect();
        let own = locale.map(Tongue::of);
        let mut ranked: Vec<(usize, f64, f64, Tongue)> = Vec::new();
        let mut weights: HashMap<Tongue, HashMap<String, f64>> = HashMap::new();
        for (tongue, group) in &self.groups {
            let looked = group.look_up(&question, *tongue);
            let preference = if own == Some(*tongue) { OWN_LANGUAGE } else { 1.0 };
            for (place, covered) in looked.covered {
                let confidence = (covered / (FULL * looked.whole)).clamp(0.0, 1.0);
                // Languages have different numbers of documents, so that only shares compare.
                ranked.push((place, confidence * preference, confidence, *tongue));
            }
            weights.insert(*tongue, looked.weights);
        }
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(limit);
        let nothing = HashMap::new();
        let found: Vec<_> = ranked
            .into_iter()
            .map(|(place, score, confidence, tongue)| {
                let document = &self.documents[place];
                let weights = weights.get(&tongue).unwrap_or(&nothing);
                let excerpt = excerpt(&document.body, tongue, weights);
                Found { document, score, confidence, excerpt, text: cut(&document.body, TEXT_CHARS) }
            })
            .collect();
        let sure = found.first().is_some_and(|best| best.confidence >= SURE);
        let asks = !Tongue::of(locale.unwrap_or("en")).stems(&question).is_empty();
        Answer { found, sure, asks }
    }
}

/// What a group says to a question.
struct Looked {
    covered: HashMap<usize, f64>,
    whole: f64,
    weights: HashMap<String, f64>,
}

impl Group {
    fn look_up(&self, question: &str, tongue: Tongue) -> Looked {
        let mut asked = tongue.stems(question);
        let mut seen = std::collections::HashSet::new();
        asked.retain(|word| seen.insert(word.clone()));
        asked.truncate(QUERY_WORDS);
        let mut looked = Looked { covered: HashMap::new(), whole: 0.0, weights: HashMap::new() };
        for word in &asked {
            let like = self.words.like(word);
            // Of several words that are like it each document has the best.
            let mut best: HashMap<usize, f64> = HashMap::new();
            for (found, how) in &like {
                for (place, weight) in self.places.get(*found).into_iter().flatten() {
                    let weight = weight * nearness(*how);
                    let known = best.entry(*place).or_default();
                    *known = known.max(weight);
                }
            }
            let rarity = self.rarity(best.len());
            looked.whole += rarity;
            for (place, weight) in best {
                *looked.covered.entry(place).or_default() += rarity * weight;
            }
            for (found, _) in like {
                looked.weights.insert(self.words.word(found).to_owned(), rarity);
            }
        }
        looked
    }

    /// How much a word tells that stands in so many documents (BM25's idf).
    fn rarity(&self, documents: usize) -> f64 {
        let (all, with) = (number(self.documents), number(documents));
        (1.0 + (all - with + 0.5).max(0.0) / (with + 0.5)).ln()
    }
}

/// What a word counts that is like the one that was asked for.
fn nearness(how: Like) -> f64 {
    match how {
        Like::Same => 1.0,
        Like::Part => PART,
        Like::Slip => SLIP,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of documents and words are far below 2^52")]
fn number(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(slug: &str, title: &str, body: &str) -> Document {
        Document {
            slug: slug.into(),
            title: title.into(),
            keywords: vec![],
            body: body.into(),
            language: "en".into(),
        }
    }

    fn index() -> Index {
        Index::new(vec![
            document("refunds", "How do refunds work?", "We pay back within 14 days."),
            document("delivery", "How long does delivery take?", "Parcels arrive in two days."),
            document("password", "I forgot my password", "Use the link at sign-in to set a new password."),
        ])
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        let answer_of = |index: &Index, text: &str| {
            let answer = index.search(text, None, 3);
            (answer.found.len(), answer.sure, answer.asks)
        };
        assert_eq!(answer_of(&Index::new(vec![]), "refund"), (0, false, true));
        assert_eq!(answer_of(&index(), ""), (0, false, false));
        assert_eq!(answer_of(&index(), "hi, can you help me?"), (0, false, false));
        assert_eq!(answer_of(&index(), "zebra"), (0, false, true));
    }

    #[test]
    fn forms_and_slips_find_the_same() {
        let index = index();
        for text in ["refund", "Where is my refund?", "refnud", "can I be refunded"] {
            let answer = index.search(text, Some("en-GB"), 3);
            assert_eq!(answer.found[0].document.slug, "refunds", "{text}");
            assert!(answer.sure, "{text}: {answer:?}");
        }
    }

    #[test]
    fn a_word_by_the_way_makes_nobody_sure() {
        let index = index();
        let answer = index.search("do you have a vegetarian menu for two days in Paris", None, 3);
        assert!(!answer.sure, "{answer:?}");
    }
}
