//! Passages of an article: what is shown of it, as plain text.

use super::words::Tongue;
use pulldown_cmark::{Event, Options, Parser, TagEnd};
use std::collections::HashMap;

/// Longest excerpt, in characters.
pub const EXCERPT_CHARS: usize = 600;
/// Longest text of a hit, in characters.
pub const TEXT_CHARS: usize = 4_000;

/// The paragraphs, items and headings of a Markdown text, without its marks. HTML is no text, and is left out.
pub fn plain(markdown: &str) -> Vec<String> {
    let mut passages = Vec::new();
    let mut passage = String::new();
    let mut end = |passage: &mut String| {
        let text = passage.split_whitespace().collect::<Vec<_>>().join(" ");
        passage.clear();
        if !text.is_empty() {
            passages.push(text);
        }
    };
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) | Event::Code(text) => passage.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => passage.push(' '),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::CodeBlock
                | TagEnd::TableRow
                | TagEnd::TableHead,
            ) => end(&mut passage),
            _ => {}
        }
    }
    end(&mut passage);
    passages
}

/// At most so many characters, with an ellipsis where something is missing.
pub(super) fn cut(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some(_) => {
            let end = text.char_indices().nth(chars - 1).map_or(text.len(), |(end, _)| end);
            let kept = &text[..end];
            // Between words, where there are any.
            let kept =
                kept.rfind(char::is_whitespace).filter(|at| *at > end / 2).map_or(kept, |at| &kept[..at]);
            format!("{}…", kept.trim_end())
        }
    }
}

/// The passage in which the weightiest words stand, with what follows it as far as there is room.
pub(super) fn excerpt(body: &str, tongue: Tongue, weights: &HashMap<String, f64>) -> String {
    let passages = plain(body);
    let worth = |passage: &String| {
        let mut stems = tongue.stems(passage);
        stems.sort_unstable();
        stems.dedup();
        stems.iter().filter_map(|stem| weights.get(stem)).sum::<f64>()
    };
    let mut best = (0, 0.0);
    for (place, passage) in passages.iter().enumerate() {
        let worth = worth(passage);
        if worth > best.1 {
            best = (place, worth);
        }
    }
    let mut text = String::new();
    for passage in passages.iter().skip(best.0) {
        let room = EXCERPT_CHARS.saturating_sub(text.chars().count());
        if !text.is_empty() && passage.chars().count() + 1 > room {
            break;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(passage);
    }
    cut(&text, EXCERPT_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_html_are_left_out() {
        let text = "# Title\n\nSome **bold** [link](javascript:alert(1)) and `code`.\n\n- one\n- two\n\n<script>x()</script>\n";
        assert_eq!(plain(text), ["Title", "Some bold link and code.", "one", "two"]);
    }

    #[test]
    fn deep_nesting_ends() {
        let deep = format!("{}x", "> ".repeat(24_000));
        assert!(plain(&deep).len() <= 1);
        let deep = format!("{}x{}", "[".repeat(24_000), "]".repeat(24_000));
        assert_eq!(plain(&deep).len(), 1);
        let deep = "*a ".repeat(16_000);
        assert!(!plain(&deep).is_empty());
    }

    #[test]
    fn excerpts_are_short_and_begin_where_the_words_are() {
        let weights = HashMap::from([("refund".to_owned(), 2.0)]);
        let text =
            format!("{}\n\nRefunds take 14 days.\n\nThen the bank has it.", "Something else. ".repeat(20));
        assert_eq!(excerpt(&text, Tongue::English, &weights), "Refunds take 14 days.\nThen the bank has it.");
        let long = "refund ".repeat(2_000);
        assert!(excerpt(&long, Tongue::English, &weights).chars().count() <= EXCERPT_CHARS);
        assert_eq!(cut("abcdef", 4), "abc…");
    }
}
