//! What the built-in automations make of a text.

use switchboard_automations::{chat, mat};
use switchboard_domain::limits::TEXT_CHARS;
use switchboard_sdk::clip;

pub(crate) const WORDS: &[&str] = &[
    " ", "\n", "\t", "mat", "don't", "-", "_", "’", "\u{ad}", "\u{301}", "\u{fe0f}", "❤️", "٣", "ǅ",
    "\u{200d}", "\u{3000}", "\u{85}", "\r\n", "ß", "ﬀ",
];

fn split(text: &str) -> Vec<Vec<&str>> {
    text.split('\n').map(|line| line.split_whitespace().collect()).collect()
}

/// Chat turns the words of each line around, mat replaces words and nothing else, and no answer is too long.
pub(crate) fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let reversed = chat::reversed(text);
    let mut expected = split(text);
    expected.iter_mut().for_each(|line| line.reverse());
    assert_eq!(split(&reversed), expected);
    assert!(reversed.len() <= text.len());

    let matted = mat::matted(text);
    assert_eq!(mat::matted(&matted), matted, "mat says what it is told of mats");
    let white = |text: &str| text.chars().filter(|c| c.is_whitespace()).collect::<String>();
    assert_eq!(white(&matted), white(text), "white space stays");
    // Beside the mats nothing is left that is a letter.
    let rest = matted.replace(mat::MAT, "");
    assert!(!rest.chars().any(char::is_alphabetic) || has_marks(text), "{rest:?} of {text:?}");

    for answer in [reversed, matted] {
        assert!(clip(answer).chars().count() <= TEXT_CHARS);
    }
}

/// Letters of a few scripts count as alphabetic though they are marks or numbers; what carries them keeps them.
fn has_marks(text: &str) -> bool {
    !text.is_ascii()
}
