//! The piece of a text that shows what was found.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// About how long a piece is, in characters.
pub const SNIPPET_CHARS: usize = 160;
/// Characters shown before what was found.
const BEFORE: usize = 40;

/// Some of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// On one line.
    pub text: String,
    /// Whether it is what was looked for.
    pub found: bool,
}

/// A piece of the text around the first of `found`, which lie in order and apart.
pub fn snippet(text: &str, found: &[Range<usize>]) -> Vec<Part> {
    let first = found.first().map_or(0, |range| range.start);
    let start =
        text.get(..first).and_then(|before| before.char_indices().rev().nth(BEFORE)).map_or(0, |(at, _)| at);
    let rest = text.get(start..).unwrap_or_default();
    let end = rest.char_indices().nth(SNIPPET_CHARS).map_or(text.len(), |(at, _)| start + at);
    let mut parts = Vec::new();
    let mut add = |range: Range<usize>, found: bool| {
        let Some(piece) = text.get(range).filter(|piece| !piece.is_empty()) else { return };
        let mut line = String::with_capacity(piece.len());
        for c in piece.chars() {
            match c {
                c if c.is_whitespace() || c.is_control() => {
                    if !line.ends_with(' ') {
                        line.push(' ');
                    }
                }
                c => line.push(c),
            }
        }
        parts.push(Part { text: line, found });
    };
    let mut at = start;
    for range in found {
        if range.start >= end {
            break;
        }
        let to = range.end.min(end);
        add(at..range.start, false);
        add(range.start..to, true);
        at = to;
    }
    add(at..end, false);
    if start > 0
        && let Some(part) = parts.first_mut()
    {
        part.text.insert(0, '…');
    }
    if end < text.len()
        && let Some(part) = parts.last_mut()
    {
        part.text.push('…');
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Query;
    use proptest::prelude::*;

    fn shown(text: &str, query: &str) -> String {
        let found = Query::parse(query).unwrap().find(text).unwrap();
        let mark = |part: &Part| if part.found { format!("[{}]", part.text) } else { part.text.clone() };
        snippet(text, &found).iter().map(mark).collect()
    }

    #[test]
    fn it_shows_what_was_found_on_one_line() {
        assert_eq!(shown("Please\n\n  refund <b>me</b>", "me refund"), "Please [refund] <b>[me]</b>");
        let long = format!("{} needle {}", "before ".repeat(60), "after ".repeat(60));
        let piece = shown(&long, "needle");
        assert!(piece.starts_with('…') && piece.ends_with('…') && piece.contains("[needle]"), "{piece}");
        assert!(piece.chars().count() <= SNIPPET_CHARS + 4);
    }

    proptest! {
        #[test]
        fn never_out_of_step(text in "\\PC{0,400}", query in "\\PC{1,8}") {
            if let Some(found) = Query::parse(&query).ok().and_then(|query| query.find(&text)) {
                prop_assert!(snippet(&text, &found).iter().any(|part| part.found));
            }
        }
    }
}
