//! What a message is looked through for.

use super::{BadRule, PATTERN_CHARS, REGEX_BYTES, REGEX_CACHE_BYTES, REGEX_CHARS, REGEX_STEPS_BYTES, WORDS};
use crate::limits::TEXT_CHARS;
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

/// What a message is looked through for. Case tells nothing apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "match", rename_all = "snake_case")]
pub enum Pattern {
    /// One of these words, whole.
    Words {
        /// The words.
        words: Vec<String>,
    },
    /// These characters, anywhere.
    Phrase {
        /// The characters.
        text: String,
    },
    /// A regular expression of the `regex` crate, whose time is linear in the message.
    Regex {
        /// The expression.
        expression: String,
    },
}

/// A pattern made ready to be used often.
#[derive(Debug, Clone)]
pub(super) enum Ready {
    Words(Vec<String>),
    Phrase(String),
    Regex(Regex),
}

fn fits(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= PATTERN_CHARS
}

/// A word as it is compared: what of it stands between separators.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

fn compiled(expression: &str, bytes: usize) -> Result<Regex, BadRule> {
    let mut builder = RegexBuilder::new(expression);
    builder.case_insensitive(true).size_limit(bytes).dfa_size_limit(REGEX_CACHE_BYTES);
    builder.build().map_err(|problem| match problem {
        regex::Error::CompiledTooBig(_) => BadRule::RegexLarge,
        problem => BadRule::Regex(problem.to_string()),
    })
}

/// The same with one letter for each class such as `\w`.
fn without_classes(expression: &str) -> String {
    let mut plain = String::new();
    let mut chars = expression.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some('d' | 'D' | 'w' | 'W' | 's' | 'S')) => {
                chars.next();
                plain.push('x');
            }
            ('\\', Some(escaped)) => {
                chars.next();
                plain.extend([c, escaped]);
            }
            _ => plain.push(c),
        }
    }
    plain
}

/// The first so many characters.
fn beginning(text: &str, chars: usize) -> &str {
    let end = text.char_indices().nth(chars).map_or(text.len(), |(end, _)| end);
    text.get(..end).unwrap_or_default()
}

impl Pattern {
    /// Checks one.
    ///
    /// # Errors
    /// When it is empty, too long, or an expression that cannot be used.
    pub fn check(&self) -> Result<(), BadRule> {
        self.ready().map(drop)
    }

    pub(super) fn ready(&self) -> Result<Ready, BadRule> {
        match self {
            Self::Words { words: given } => {
                if !(1..=WORDS).contains(&given.len()) || !given.iter().all(|word| fits(word)) {
                    return Err(BadRule::Pattern);
                }
                if let Some(word) = given.iter().find(|word| words(word).count() != 1) {
                    return Err(BadRule::Word(word.trim().to_owned()));
                }
                Ok(Ready::Words(given.iter().flat_map(|word| words(word)).collect()))
            }
            Self::Phrase { text } if fits(text) => Ok(Ready::Phrase(text.trim().to_lowercase())),
            Self::Regex { expression } if fits(expression) => {
                let built = compiled(expression, REGEX_BYTES)?;
                match compiled(&without_classes(expression), REGEX_STEPS_BYTES) {
                    Err(BadRule::RegexLarge) => Err(BadRule::RegexLarge),
                    _ => Ok(Ready::Regex(built)),
                }
            }
            Self::Phrase { .. } | Self::Regex { .. } => Err(BadRule::Pattern),
        }
    }
}

impl Ready {
    /// Whether it is found; no more is read than a message may have.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let text = beginning(text, TEXT_CHARS);
        match self {
            Self::Words(wanted) => words(text).any(|word| wanted.contains(&word)),
            Self::Phrase(phrase) => text.to_lowercase().contains(phrase),
            Self::Regex(regex) => regex.is_match(beginning(text, REGEX_CHARS)),
        }
    }
}
