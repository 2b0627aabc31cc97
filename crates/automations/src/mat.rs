//! Mat: every word becomes "mat".

use std::iter::Peekable;
use std::str::Chars;

use switchboard_sdk::{Automation, TurnError, TurnReply, TurnRequest, Working, clip, say};
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// What stands for every word.
pub const MAT: &str = "mat";

/// Answers each message with [`matted`]. The answer can be longer than what was said; beyond the longest message
/// it is cut as [`clip`] does, because every message is answered by exactly one.
#[derive(Debug, Clone, Copy)]
pub struct Mat;

impl Automation for Mat {
    fn name(&self) -> &str {
        "mat"
    }

    fn title(&self) -> &str {
        "Mat"
    }

    fn description(&self) -> &str {
        "Replaces every word you say with \"mat\"."
    }

    async fn turn(&self, turn: TurnRequest, _working: &Working) -> Result<TurnReply, TurnError> {
        Ok(say(turn.messages.iter().map(|message| clip(matted(&message.text)))))
    }
}

/// Replaces every word by "mat" and keeps everything else where it is.
///
/// A word is a run of letters, decimal digits and combining marks; one apostrophe, hyphen or underscore between
/// two of them belongs to the word. A combining mark that sits on something else, like the variation selector
/// of an emoji, is part of that and begins no word.
#[must_use]
pub fn matted(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    // Whether the character before could carry a combining mark without being part of a word.
    let mut carrier = false;
    while let Some(character) = rest.next() {
        let begins = match kind(character) {
            Kind::Letter => true,
            Kind::Mark => !carrier,
            Kind::Other => false,
        };
        if begins {
            said.push_str(MAT);
            skip_word(&mut rest);
            carrier = false;
        } else {
            said.push(character);
            carrier = !character.is_whitespace();
        }
    }
    said
}

/// Goes on behind the rest of a word that has begun.
fn skip_word(rest: &mut Peekable<Chars<'_>>) {
    while let Some(&next) = rest.peek() {
        if kind(next) == Kind::Other {
            let mut beyond = rest.clone();
            beyond.next();
            if !joins(next) || beyond.peek().is_none_or(|after| kind(*after) == Kind::Other) {
                return;
            }
        }
        rest.next();
    }
}

#[derive(PartialEq)]
enum Kind {
    Letter,
    Mark,
    Other,
}

/// Digits are letters here.
fn kind(character: char) -> Kind {
    match (character.general_category_group(), character.general_category()) {
        (GeneralCategoryGroup::Letter, _) | (_, GeneralCategory::DecimalNumber) => Kind::Letter,
        (GeneralCategoryGroup::Mark, _) => Kind::Mark,
        _ => Kind::Other,
    }
}

/// Apostrophes (straight, curly), hyphens (also soft, typographic and non-breaking ones) and the underscore.
fn joins(character: char) -> bool {
    matches!(character, '\'' | '\u{2019}' | '-' | '\u{ad}' | '\u{2010}' | '\u{2011}' | '_')
}
