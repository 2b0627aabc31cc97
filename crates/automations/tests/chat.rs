//! Chat, by example and by law.

use proptest::prelude::*;
use switchboard_automations::chat::{Chat, reversed};
use switchboard_sdk::{Rehearsal, Then};

/// Lines of words with one space between, as chat writes them.
fn normalised(text: &str) -> String {
    let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn words_change_places_and_keep_their_punctuation() {
    for (said, heard) in [
        ("how are you", "you are how"),
        ("how are you?", "you? are how"),
        ("  many   spaces\there ", "here spaces many"),
        ("one line\ntwo lines", "line one\nlines two"),
        ("one\r\n\r\ntwo words", "one\n\nwords two"),
        ("alone", "alone"),
        ("שלום עולם", "עולם שלום"),
        ("a\u{a0}b c", "c b a"),
        ("👩‍👩‍👧 family", "family 👩‍👩‍👧"),
    ] {
        assert_eq!(reversed(said), heard);
    }
}

#[tokio::test]
async fn every_message_is_answered_by_one_in_order() {
    let mut rehearsal = Rehearsal::new(Chat);
    let reply = rehearsal.say(&["how are you", "fine thanks", "x y\nz"]).await.unwrap();
    let texts: Vec<_> = reply.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["you are how", "thanks fine", "y x\nz"]);
    assert_eq!(reply.then, Then::Wait);
    assert!(reply.tags.is_empty());
    let longest = "é ".repeat(3_999) + "éé";
    assert_eq!(longest.chars().count(), 8_000);
    let reply = rehearsal.say(&[&longest]).await.unwrap();
    assert_eq!(reply.messages[0].text, "éé ".to_owned() + "é ".repeat(3_999).trim_end());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn twice_is_back_again(text in "(\\PC|[ \\t\\n\\r]){0,200}") {
        prop_assert_eq!(reversed(&reversed(&text)), normalised(&text));
    }

    #[test]
    fn words_stay_the_same_words(text in any::<String>()) {
        let mut before: Vec<_> = text.split_whitespace().collect();
        let after = reversed(&text);
        let mut after: Vec<_> = after.split_whitespace().collect();
        before.sort_unstable();
        after.sort_unstable();
        prop_assert_eq!(before, after);
        prop_assert!(reversed(&text).len() <= text.len());
    }
}
