//! Whatever articles say and whatever is asked: nothing breaks, and answers keep to their form.

use proptest::prelude::*;
use switchboard_domain::faq::{self, By, Line};
use switchboard_domain::retrieval::{Document, EXCERPT_CHARS, Index, TEXT_CHARS};

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zäöüß ]{0,60}",
        "\\PC{0,60}",
        "[*_>#\\[\\]()`<a-z \\n-]{0,120}",
        Just("refund refunds money".to_owned()),
    ]
}

fn document() -> impl Strategy<Value = Document> {
    let language = prop_oneof![Just("en"), Just("de"), Just("fr"), Just("ja")];
    (words(), words(), proptest::collection::vec(words(), 0..4), language).prop_map(
        |(title, body, keywords, language)| Document {
            slug: "a".into(),
            title,
            keywords,
            body,
            language: language.into(),
        },
    )
}

proptest! {
    #[test]
    fn answers_are_few_in_order_and_within_bounds(
        documents in proptest::collection::vec(document(), 0..12),
        question in words(),
        limit in 0_usize..6,
    ) {
        let index = Index::new(documents);
        let answer = index.search(&question, Some("de"), limit);
        prop_assert!(answer.found.len() <= limit);
        prop_assert!(answer.found.windows(2).all(|pair| pair[0].score >= pair[1].score));
        for found in &answer.found {
            prop_assert!((0.0..=1.0).contains(&found.confidence), "{}", found.confidence);
            prop_assert!(found.excerpt.chars().count() <= EXCERPT_CHARS);
            prop_assert!(found.text.chars().count() <= TEXT_CHARS);
        }
        prop_assert!(!answer.sure || !answer.found.is_empty());
    }

    #[test]
    fn a_title_finds_its_article(title in "[b-df-hj-np-tv-z]{5,9} [b-df-hj-np-tv-z]{5,9}") {
        let of = |slug: &str, title: &str| Document {
            slug: slug.into(),
            title: title.into(),
            keywords: vec![],
            body: "Nothing of it.".into(),
            language: "en".into(),
        };
        let index = Index::new(vec![of("other", "Whatever else"), of("this", &title)]);
        let answer = index.search(&title, None, 3);
        prop_assert_eq!(answer.found.first().map(|found| found.document.slug.as_str()), Some("this"));
        prop_assert!(answer.sure);
    }

    #[test]
    fn any_conversation_has_a_next_move(
        history in proptest::collection::vec((0..3_u8, words()), 0..10),
        message in words(),
    ) {
        let by = |n| match n {
            0 => By::Visitor,
            1 => By::Faq,
            _ => By::Other,
        };
        let history: Vec<_> = history.into_iter().map(|(n, text)| Line { by: by(n), text }).collect();
        let _ = faq::next(&history, &[message]);
    }
}
