//! What a model has said: a first line about itself, then the answer.

use crate::limits::{HEADER_CHARS, TEXT_CHARS};
use crate::prompt::Source;
use crate::trouble::Trouble;
use serde::Deserialize;

/// The first line, as the model was told to write it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Header {
    confidence: f64,
    sources: Vec<i64>,
    person: bool,
}

/// What the first line says.
#[derive(Debug, Clone, PartialEq)]
pub enum Stance {
    /// It answers, from these articles (places among those that it was given).
    Answers(Vec<usize>),
    /// It is not sure, or has nothing to answer from.
    Doubts,
    /// The visitor wants a person.
    Person,
}

/// Takes words as they come.
#[derive(Debug)]
pub struct Answer {
    floor: f64,
    sources: usize,
    stance: Option<Stance>,
    text: String,
    chars: usize,
}

impl Answer {
    /// An answer of somebody who was given so many articles; less sure than `floor` is doubt.
    #[must_use]
    pub fn new(floor: f64, sources: usize) -> Self {
        Self { floor, sources, stance: None, text: String::new(), chars: 0 }
    }

    /// More words.
    ///
    /// # Errors
    /// [`Trouble::Nonsense`] when it does not begin as it was told to, or does not end.
    pub fn take(&mut self, words: &str) -> Result<(), Trouble> {
        self.text.push_str(words);
        self.chars += words.chars().count();
        if self.stance.is_none() {
            let Some(end) = header_end(&self.text) else {
                let long = self.chars > HEADER_CHARS;
                return if long {
                    Err(Trouble::Nonsense("it does not begin with its first line"))
                } else {
                    Ok(())
                };
            };
            self.read_header(end)?;
        }
        if self.chars > TEXT_CHARS {
            return Err(Trouble::Nonsense("it is too long"));
        }
        Ok(())
    }

    fn read_header(&mut self, end: usize) -> Result<(), Trouble> {
        let begin = self.text.find('{').unwrap_or(0);
        let header: Header = serde_json::from_str(self.text.get(begin..end).unwrap_or_default())
            .map_err(|_| Trouble::Nonsense("its first line is not what it was asked for"))?;
        let rest = self.text.get(end..).unwrap_or_default();
        // Some put it into a block of code.
        let rest = rest.trim_start_matches(['`', ' ', '\r', '\n']).to_owned();
        let mut places: Vec<usize> = Vec::new();
        for number in header.sources {
            let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
            if let Some(place) = place.filter(|place| *place < self.sources && !places.contains(place)) {
                places.push(place);
            }
        }
        let sure = header.confidence.is_finite() && header.confidence >= self.floor;
        self.stance = Some(match (header.person, sure && !places.is_empty()) {
            (true, _) => Stance::Person,
            (false, true) => Stance::Answers(places),
            (false, false) => Stance::Doubts,
        });
        self.text = rest;
        Ok(())
    }

    /// What the first line says, once it is there.
    #[must_use]
    pub fn stance(&self) -> Option<&Stance> {
        self.stance.as_ref()
    }

    /// What may be shown while it is being written: nothing before the first line has said that it is an answer.
    #[must_use]
    pub fn so_far(&self) -> Option<String> {
        let Some(Stance::Answers(_)) = self.stance else { return None };
        // A number of a source may be half written.
        let cut = self.text.rfind('[').filter(|at| !self.text[*at..].contains(']'));
        let text = without_stray_numbers(&self.text[..cut.unwrap_or(self.text.len())], self.sources);
        Some(text.trim_end().to_owned()).filter(|text| !text.is_empty())
    }

    /// The text with links to its sources below; doubt when nothing is left of it.
    #[must_use]
    pub fn finish(&self, sources: &[Source], base: &str, heading: &str) -> Option<String> {
        let Some(Stance::Answers(places)) = &self.stance else { return None };
        let mut text = without_stray_numbers(&self.text, self.sources).trim().to_owned();
        if text.is_empty() {
            return None;
        }
        let mentioned: Vec<usize> = (0..sources.len())
            .filter(|place| places.contains(place) || text.contains(&format!("[{}]", place + 1)))
            .collect();
        text.push_str(&format!("\n\n{heading}"));
        for place in mentioned {
            if let Some(source) = sources.get(place) {
                let Source { title, slug, .. } = source;
                text.push_str(&format!("\n[{}] {title}: {base}/help/{slug}", place + 1));
            }
        }
        Some(text)
    }
}

/// Where the first line's object ends: it has no objects inside, nor braces in texts.
fn header_end(text: &str) -> Option<usize> {
    text.find('}').map(|at| at + 1)
}

/// Takes away numbers in brackets that name no article.
fn without_stray_numbers(text: &str, sources: usize) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let (before, bracket) = rest.split_at(open);
        kept.push_str(before);
        let number =
            bracket[1..].split_once(']').map(|(number, after)| (number.trim().parse::<usize>(), after));
        match number {
            Some((Ok(number), after)) => {
                if (1..=sources).contains(&number) {
                    kept.push_str(&format!("[{number}]"));
                } else {
                    kept.truncate(kept.trim_end_matches(' ').len());
                }
                rest = after;
            }
            _ => {
                kept.push('[');
                rest = &bracket[1..];
            }
        }
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sources() -> Vec<Source> {
        ["refunds", "returns"]
            .map(|slug| Source { slug: slug.into(), title: format!("About {slug}"), text: String::new() })
            .into()
    }

    fn said(text: &str) -> Result<Answer, Trouble> {
        let mut answer = Answer::new(0.5, 2);
        answer.take(text).map(|()| answer)
    }

    fn stance(text: &str) -> Stance {
        said(text).unwrap().stance().cloned().unwrap()
    }

    #[test]
    fn a_sure_answer_shows_its_sources_as_links() {
        let answer =
            said("{\"confidence\": 0.9, \"sources\": [1]}\nWithin 14 days [1], or later [7].").unwrap();
        let text = answer.finish(&sources(), "https://x.example", "Sources:").unwrap();
        assert_eq!(
            text,
            "Within 14 days [1], or later.\n\nSources:\n[1] About refunds: https://x.example/help/refunds"
        );
        let fenced = said("```json\n{\"confidence\":1,\"sources\":[2,2,9,-1]}\n```\nYes [1].").unwrap();
        let text = fenced.finish(&sources(), "", "Sources:").unwrap();
        assert!(
            text.starts_with("Yes [1].") && text.contains("[1] About") && text.contains("[2] About"),
            "{text}"
        );
    }

    #[test]
    fn doubt_is_doubt_however_it_is_said() {
        for text in [
            "{\"confidence\": 0.49, \"sources\": [1]}\nPerhaps.",
            "{\"confidence\": 0.9, \"sources\": []}\nI know this.",
            "{\"confidence\": 0.9, \"sources\": [3]}\nI know this.",
            "{\"confidence\": 0.9}\nI know this.",
            "{}",
        ] {
            assert_eq!(stance(text), Stance::Doubts, "{text}");
            assert_eq!(said(text).unwrap().so_far(), None, "{text}");
        }
        assert_eq!(stance("{\"person\": true, \"confidence\": 1, \"sources\": [1]}"), Stance::Person);
        let empty = said("{\"confidence\": 1, \"sources\": [1]}\n  [9]").unwrap();
        assert_eq!(empty.finish(&sources(), "", "Sources:"), None);
    }

    #[test]
    fn what_does_not_begin_as_told_is_nonsense() {
        assert!(said("Sure! {\"confidence\": \"high\"}").is_err());
        assert!(said(&"la ".repeat(HEADER_CHARS)).is_err());
        assert_eq!(said("Of course").unwrap().stance(), None);
        let long = format!("{{\"confidence\": 1, \"sources\": [1]}}\n{}", "x".repeat(TEXT_CHARS));
        assert!(said(&long).is_err());
    }

    #[test]
    fn half_a_number_is_not_shown() {
        let answer = said("{\"confidence\": 1, \"sources\": [1]}\nWithin 14 days [").unwrap();
        assert_eq!(answer.so_far().unwrap(), "Within 14 days");
    }

    proptest! {
        #[test]
        fn words_in_pieces_say_the_same(
            confidence in 0.0_f64..1.0, numbers in prop::collection::vec(-2_i64..5, 0..4),
            text in "[a-z äß€.\\[\\]0-9]{0,60}", size in 1_usize..9,
        ) {
            let whole = format!("{{\"confidence\":{confidence},\"sources\":{numbers:?}}}\n{text}");
            let at_once = said(&whole).unwrap();
            let mut in_pieces = Answer::new(0.5, 2);
            let chars: Vec<char> = whole.chars().collect();
            for piece in chars.chunks(size) {
                in_pieces.take(&piece.iter().collect::<String>()).unwrap();
            }
            prop_assert_eq!(at_once.stance(), in_pieces.stance());
            prop_assert_eq!(
                at_once.finish(&sources(), "b", "S").is_some(), in_pieces.finish(&sources(), "b", "S").is_some()
            );
            if let Some(text) = at_once.finish(&sources(), "b", "S") {
                prop_assert!(!text.contains("[3]") && !text.contains("[0]"));
            }
        }

        #[test]
        fn nothing_breaks_it(pieces in prop::collection::vec(any::<String>(), 0..6)) {
            let mut answer = Answer::new(0.5, 2);
            for piece in &pieces {
                if answer.take(piece).is_err() {
                    break;
                }
            }
            let _ = (answer.so_far(), answer.finish(&sources(), "b", "S"));
        }
    }
}
