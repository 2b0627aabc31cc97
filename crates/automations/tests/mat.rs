//! Mat, by example and by law.

use proptest::prelude::*;
use switchboard_automations::mat::{MAT, Mat, matted};
use switchboard_sdk::Rehearsal;

#[test]
fn words_become_mat_and_the_rest_stays() {
    for (said, heard) in [
        ("how are you?", "mat mat mat?"),
        ("how are you", "mat mat mat"),
        ("  two  spaces\n\n\tand a tab ", "  mat  mat\n\n\tmat mat mat "),
        ("don't", "mat"),
        ("don’t", "mat"),
        ("well-known snake_case re\u{2010}do co\u{ad}op", "mat mat mat mat"),
        ("'quoted' -dash- _under_", "'mat' -mat- _mat_"),
        ("rock--paper", "mat--mat"),
        ("a-'b", "mat-'mat"),
        ("3.14 is 22/7", "mat.mat mat mat/mat"),
        ("e-mail me@example.com!", "mat mat@mat.mat!"),
        // A combining acute after its letter, and one that nothing carries.
        ("cafe\u{301} \u{301}", "mat mat"),
        ("हिन्दी में", "mat mat"),
        ("你好,世界", "mat,mat"),
        ("١٢٣ x² ½", "mat mat² ½"),
        ("I ❤\u{fe0f} you", "mat ❤\u{fe0f} mat"),
        ("❤\u{fe0f}you", "❤\u{fe0f}mat"),
        ("1\u{fe0f}\u{20e3}", "mat"),
        ("👋🏽👩‍👩‍👧!", "👋🏽👩‍👩‍👧!"),
        ("?!… —", "?!… —"),
        ("", ""),
    ] {
        assert_eq!(matted(said), heard, "{said:?}");
    }
}

#[tokio::test]
async fn every_message_is_answered_by_one_in_order_and_a_long_answer_is_cut() {
    let mut rehearsal = Rehearsal::new(Mat);
    let reply = rehearsal.say(&["how are you?", "?", "yes"]).await.unwrap();
    let texts: Vec<_> = reply.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["mat mat mat?", "?", "mat"]);
    let short_words = "a ".repeat(3_999) + "a";
    let reply = rehearsal.say(&[&short_words, "short"]).await.unwrap();
    assert_eq!(reply.messages.len(), 2);
    let cut = &reply.messages[0].text;
    assert_eq!(cut.chars().count(), 8_000);
    assert!(matted(&short_words).starts_with(cut.strip_suffix('…').unwrap()));
    let exactly = "a ".repeat(2_000);
    let reply = rehearsal.say(&[&exactly]).await.unwrap();
    assert_eq!(reply.messages[0].text, "mat ".repeat(2_000));
}

/// Words that mat must see as one, and separators that belong to none.
fn word() -> impl Strategy<Value = String> {
    "[a-zß-öА-я一-龠0-9٠-٩][\u{300}-\u{36f}]{0,2}([-'’_]?[a-zé-ö0-9][\u{300}-\u{36f}]?){0,6}"
}

fn separator() -> impl Strategy<Value = String> {
    "[ \n\t.,;:!?()+=/@#…—\u{a0}\u{200b}👍🏽€]{1,5}"
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everything_but_words_stays(
        first in "[ .!]{0,3}",
        pieces in prop::collection::vec((word(), separator()), 0..60),
        last in prop::option::of(word()),
    ) {
        let (mut said, mut heard) = (first.clone(), first);
        for (word, separator) in &pieces {
            said.extend([word.as_str(), separator]);
            heard.extend([MAT, separator]);
        }
        if let Some(last) = &last {
            said.push_str(last);
            heard.push_str(MAT);
        }
        prop_assert_eq!(matted(&said), heard);
    }

    #[test]
    fn once_is_enough(text in any::<String>()) {
        let once = matted(&text);
        prop_assert_eq!(matted(&once), once);
    }

    #[test]
    fn what_has_no_letter_digit_or_mark_is_untouched(text in "[\\p{P}\\p{S}\\p{Z}\\p{Cc}\\p{Cf}\\p{Co}]{0,200}") {
        prop_assert_eq!(matted(&text), text);
    }

    #[test]
    fn only_mat_and_what_was_there_is_left(text in "\\PC{0,200}") {
        let rest: Vec<char> = matted(&text).replace(MAT, "").chars().collect();
        let mut there = text.chars();
        prop_assert!(rest.iter().all(|wanted| there.any(|have| have == *wanted)), "{rest:?} of {text:?}");
    }
}
