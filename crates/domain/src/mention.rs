//! Colleagues who are called in a private note: `@username`.

use crate::limits::MENTIONS;

/// The usernames that a note calls, each once, in their order; whether there is anybody of that name is not asked.
///
/// A name begins where a word would: an e-mail address calls nobody. What may end a sentence ends the name too, so
/// `@maya.` calls `maya`; a name that ends so itself cannot be called.
pub fn mentions(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if c == '@' && !is_word(before) {
            let rest = &text[at + 1..];
            let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
            let ends_within_word =
                rest[end..].chars().next().is_some_and(|c| c.is_alphanumeric() || c == '@');
            let name = rest[..end].trim_end_matches(['.', '-', '_']).to_ascii_lowercase();
            if name.len() >= 2 && name.len() <= 64 && !ends_within_word && !found.contains(&name) {
                found.push(name);
            }
            if found.len() == MENTIONS {
                break;
            }
        }
        before = c;
    }
    found
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

/// Behind this no name begins.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_called_where_words_begin() {
        for (text, names) in [
            ("@maya", &["maya"][..]),
            ("ask @maya, or (@tom.b): @Maya.", &["maya", "tom.b"]),
            ("line\n@ann-lee_2 please", &["ann-lee_2"]),
            ("mail maya@example.org", &[]),
            ("@@maya @ a @x", &[]),
            ("https://example.org/@maya", &[]),
            ("@mayaé @maya@tom", &[]),
            ("„@maya“ and —@tom", &["maya", "tom"]),
        ] {
            assert_eq!(mentions(text), names, "{text}");
        }
    }

    #[test]
    fn no_note_calls_everybody() {
        let text: String = (0..100).map(|n| format!("@agent{n} ")).collect();
        assert_eq!(mentions(&text).len(), MENTIONS);
        let long = format!("@{}", "x".repeat(65));
        assert!(mentions(&long).is_empty());
    }
}
