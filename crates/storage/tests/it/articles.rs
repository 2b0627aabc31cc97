//! Articles: found by slug and words, changed by one at a time, and what was said of them.

use crate::fixture::{Dice, Fixture, NOW, both};
use switchboard_domain::article::Content;
use switchboard_domain::{ArticleId, ConversationId};
use switchboard_storage::article::{self, Article};
use switchboard_storage::{Error, Unique};

both!(
    an_article_is_read_as_it_was_written,
    a_slug_is_of_one_article,
    of_two_changes_of_one_version_one_wins,
    lists_are_by_title_and_only_of_what_has_the_words,
    a_conversation_counts_once,
    the_revision_says_whether_anything_is_published,
);

fn an_article(slug: &str, title: &str, published: bool) -> Article {
    Article {
        id: ArticleId::random(&Dice),
        content: Content {
            slug: slug.into(),
            title: title.into(),
            body: "Text 🦀 of **it**\n".repeat(2_000),
            language: "de-AT".into(),
            keywords: vec!["Geld zurück".into(), "100%".into()],
            published,
        },
        version: 1,
        helpful: 0,
        unhelpful: 0,
        updated_by: "Ada".into(),
        created_at: NOW,
        updated_at: NOW,
    }
}

async fn add(f: &Fixture, article: &Article) {
    let mut tx = f.store.write().await.unwrap();
    article::insert(&mut tx, article).await.unwrap();
    tx.commit().await.unwrap();
}

async fn an_article_is_read_as_it_was_written(f: Fixture) {
    let (made, hidden) = (an_article("refunds", "Größe & Geld", true), an_article("hidden", "Hidden", false));
    add(&f, &made).await;
    add(&f, &hidden).await;
    let mut tx = f.store.write().await.unwrap();
    assert_eq!(article::get(&mut tx, &made.id).await.unwrap().as_ref(), Some(&made));
    assert_eq!(article::published(&mut tx, "refunds").await.unwrap().as_ref(), Some(&made));
    for none in ["hidden", "nothing", "é", "a b", "' OR 1=1 --"] {
        assert_eq!(article::published(&mut tx, none).await.unwrap(), None, "{none}");
    }
    assert_eq!(article::all_published(&mut tx, "", 10).await.unwrap(), std::slice::from_ref(&made));
    assert_eq!(article::titles(&mut tx, 10).await.unwrap().len(), 1);
    assert_eq!(article::count(&mut tx).await.unwrap(), 2);
    assert!(article::delete(&mut tx, &made.id).await.unwrap());
    assert!(!article::delete(&mut tx, &made.id).await.unwrap());
}

async fn a_slug_is_of_one_article(f: Fixture) {
    add(&f, &an_article("refunds", "One", true)).await;
    let mut tx = f.store.write().await.unwrap();
    let again = article::insert(&mut tx, &an_article("refunds", "Other", true)).await;
    assert!(matches!(again, Err(Error::Conflict(Unique::Slug))), "{again:?}");
}

async fn of_two_changes_of_one_version_one_wins(f: Fixture) {
    let made = an_article("refunds", "One", true);
    add(&f, &made).await;
    let mut after = made.clone();
    after.version = 2;
    after.content.title = "Two".into();
    let mut tx = f.store.write().await.unwrap();
    assert!(article::update(&mut tx, &after).await.unwrap());
    assert!(!article::update(&mut tx, &after).await.unwrap(), "it is of version 1 no more");
    assert_eq!(article::get(&mut tx, &made.id).await.unwrap(), Some(after));
}

async fn lists_are_by_title_and_only_of_what_has_the_words(f: Fixture) {
    for (slug, title) in [("b", "Beta_1"), ("a", "Alpha"), ("c", "Über uns")] {
        add(&f, &an_article(slug, title, true)).await;
    }
    let mut tx = f.store.read().await.unwrap();
    let mut titles = async |q: &str| -> Vec<String> {
        let rows = article::list(&mut tx, q, None, 10).await.unwrap();
        assert!(rows.iter().all(|row| row.content.body.is_empty()));
        rows.into_iter().map(|row| row.content.title).collect()
    };
    assert_eq!(titles("").await, ["Alpha", "Beta_1", "Über uns"]);
    assert_eq!(titles("ALPH").await, ["Alpha"]);
    assert_eq!(titles("über").await, ["Über uns"]);
    assert_eq!(titles("geld zurück").await.len(), 3);
    assert_eq!(titles("a_1").await, ["Beta_1"]);
    assert_eq!(titles("100%").await.len(), 3);
    assert!(titles("0%0").await.is_empty() && titles("!").await.is_empty());
    let first = article::list(&mut tx, "", None, 1).await.unwrap().remove(0);
    let rest = article::list(&mut tx, "", Some((&first.content.title, &first.id)), 10).await.unwrap();
    assert_eq!(rest.len(), 2);
}

async fn a_conversation_counts_once(f: Fixture) {
    let made = an_article("refunds", "One", true);
    add(&f, &made).await;
    let (one, other) = (ConversationId::random(&Dice), ConversationId::random(&Dice));
    for (conversation, helpful, counts) in
        [(&one, false, (0, 1)), (&one, false, (0, 1)), (&other, true, (1, 1)), (&one, true, (2, 0))]
    {
        let mut tx = f.store.write().await.unwrap();
        article::rate(&mut tx, &made.id, conversation, helpful).await.unwrap();
        let now = article::get(&mut tx, &made.id).await.unwrap().unwrap();
        assert_eq!((now.helpful, now.unhelpful), counts);
        assert_eq!(now.version, 1, "counting is no change");
        tx.commit().await.unwrap();
    }
}

async fn the_revision_says_whether_anything_is_published(f: Fixture) {
    let mut tx = f.store.write().await.unwrap();
    assert!(!article::any_published(&mut tx).await.unwrap());
    let made = an_article("refunds", "One", true);
    article::insert(&mut tx, &made).await.unwrap();
    article::changed(&mut tx, &Dice).await.unwrap();
    let first = article::revision(&mut tx).await.unwrap();
    assert!(article::any_published(&mut tx).await.unwrap());
    article::delete(&mut tx, &made.id).await.unwrap();
    article::changed(&mut tx, &Dice).await.unwrap();
    assert!(!article::any_published(&mut tx).await.unwrap());
    assert_ne!(article::revision(&mut tx).await.unwrap(), first);
}
