//! Articles: kept by admins, found by components, changed by one at a time.

use std::sync::Arc;
use std::time::Duration;

use switchboard_testkit::{Database, TempDir};
use switchboard_wire::call::article::{
    AddArticle, DeleteArticle, GetArticle, GetHelp, ListArticles, ListHelp, PatchArticle, RateArticle,
    SearchArticles,
};
use switchboard_wire::call::visitor::GetVisitorDirectory;
use switchboard_wire::view::Article;
use switchboard_wire::{Credential, Problem};
use tokio::time::Instant;

use crate::on_both;
use crate::people::Person;
use crate::world::{World, problem};

on_both!(
    what_is_published_is_found_at_once_and_what_is_taken_back_no_more,
    of_two_admins_the_second_is_told_what_differs,
    what_is_no_article_is_refused,
    what_helped_is_counted_for_each_conversation,
    only_admins_and_components_may_ask,
);

fn new(slug: &str, title: &str, published: bool) -> AddArticle {
    AddArticle {
        title: title.into(),
        slug: Some(slug.into()),
        body: format!("All about {slug}."),
        language: "en".into(),
        keywords: vec![],
        published,
    }
}

fn patch(article: &Article) -> PatchArticle {
    PatchArticle {
        id: article.id.clone(),
        version: article.version,
        title: None,
        slug: None,
        body: None,
        language: None,
        keywords: None,
        published: None,
    }
}

async fn add(world: &World, admin: &Person, call: AddArticle) -> Article {
    world.call(&admin.by, call).await.unwrap().article
}

async fn found(world: &World, query: &str) -> Vec<String> {
    let search = SearchArticles { query: query.into(), locale: None, limit: 5 };
    let found = world.call(&Credential::Component, search).await.unwrap();
    found.hits.into_iter().map(|hit| hit.slug).collect()
}

async fn what_is_published_is_found_at_once_and_what_is_taken_back_no_more(world: World) {
    let (admin, _) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let help = async || world.call(&visitor.by, GetVisitorDirectory {}).await.unwrap().help;
    assert!(found(&world, "refund").await.is_empty() && !help().await, "there are none at first");
    let draft = add(&world, &admin, new("refunds", "How do refunds work?", false)).await;
    assert!(found(&world, "refund").await.is_empty() && !help().await, "a draft is nobody's to find");
    let hidden = world.call(&Credential::Component, GetHelp { slug: "refunds".into() }).await;
    assert_eq!(problem(hidden), Problem::NotFound);
    let published = PatchArticle { published: Some(true), ..patch(&draft) };
    let published = world.call(&admin.by, published).await.unwrap().article;
    assert_eq!(found(&world, "refund").await, ["refunds"]);
    assert!(help().await);
    let shown = world.call(&Credential::Component, GetHelp { slug: "refunds".into() }).await.unwrap();
    assert_eq!(shown.body, "All about refunds.");
    let renamed =
        PatchArticle { title: Some("Zebras".into()), body: Some("Stripes.".into()), ..patch(&published) };
    let renamed = world.call(&admin.by, renamed).await.unwrap().article;
    assert_eq!(found(&world, "zebra").await, ["refunds"]);
    let index = world.call(&Credential::Component, ListHelp {}).await.unwrap();
    assert_eq!(index.articles[0].title, "Zebras");
    world.call(&admin.by, PatchArticle { published: Some(false), ..patch(&renamed) }).await.unwrap();
    assert!(found(&world, "zebra").await.is_empty() && !help().await);
    world.call(&admin.by, DeleteArticle { id: draft.id.clone() }).await.unwrap();
    assert_eq!(problem(world.call(&admin.by, GetArticle { id: draft.id }).await), Problem::NotFound);
}

async fn of_two_admins_the_second_is_told_what_differs(world: World) {
    let (admin, _) = world.agent("maya").await;
    let seen = add(&world, &admin, new("refunds", "Refunds", true)).await;
    let first = PatchArticle { title: Some("First".into()), ..patch(&seen) };
    world.call(&admin.by, first).await.unwrap();
    let second = PatchArticle { title: Some("Second".into()), body: Some("Other.".into()), ..patch(&seen) };
    let failure = world.call(&admin.by, second).await.unwrap_err();
    assert_eq!(failure.problem, Problem::Stale);
    assert_eq!(failure.errors.keys().collect::<Vec<_>>(), ["body", "title"]);
    assert!(failure.detail.contains("look at what it says now"), "{}", failure.detail);
    let now = world.call(&admin.by, GetArticle { id: seen.id }).await.unwrap().article;
    assert_eq!((now.title.as_str(), now.version), ("First", 2));
}

async fn what_is_no_article_is_refused(world: World) {
    let (admin, _) = world.agent("maya").await;
    add(&world, &admin, new("refunds", "Refunds", true)).await;
    let taken = world.call(&admin.by, new("refunds", "Again", false)).await.unwrap_err();
    assert_eq!((taken.problem, taken.errors.contains_key("slug")), (Problem::Taken, true));
    let bad = [
        AddArticle { title: " ".into(), ..new("a", "A", false) },
        AddArticle { slug: Some("../etc".into()), ..new("a", "A", false) },
        AddArticle { slug: None, ..new("a", "返金", false) },
        AddArticle { body: "x".repeat(1024 * 1024), ..new("a", "A", false) },
        AddArticle { language: "English".into(), ..new("a", "A", false) },
        AddArticle { keywords: vec!["a\u{202e}b".into()], ..new("a", "A", false) },
    ];
    for call in bad {
        assert_eq!(problem(world.call(&admin.by, call).await), Problem::Invalid);
    }
    let made = add(&world, &admin, AddArticle { slug: None, ..new("", "Straße & Co?", false) }).await;
    assert_eq!(made.slug, "strasse-co");
    let list = ListArticles { q: Some("STRAßE".into()), limit: None, cursor: None };
    assert_eq!(world.call(&admin.by, list).await.unwrap().items.len(), 1);
    let cursor = ListArticles { q: None, limit: None, cursor: Some("?".into()) };
    assert_eq!(problem(world.call(&admin.by, cursor).await), Problem::BadRequest);
}

async fn what_helped_is_counted_for_each_conversation(world: World) {
    let (admin, _) = world.agent("maya").await;
    let seen = add(&world, &admin, new("refunds", "Refunds", true)).await;
    let rate = |conversation: &str, slug: &str, helpful| RateArticle {
        slug: slug.into(),
        conversation: conversation.into(),
        helpful,
    };
    for call in [rate("c1", "refunds", true), rate("c1", "refunds", true), rate("c2", "refunds", false)] {
        world.call(&Credential::Component, call).await.unwrap();
    }
    world.call(&Credential::Component, rate("c3", "nothing", true)).await.unwrap();
    let now = world.call(&admin.by, GetArticle { id: seen.id }).await.unwrap().article;
    assert_eq!((now.helpful, now.unhelpful, now.version), (1, 1, 1));
}

async fn only_admins_and_components_may_ask(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let search = || SearchArticles { query: "x".into(), locale: None, limit: 1 };
    for by in [&maya.by, &visitor.by] {
        assert_eq!(problem(world.call(by, search()).await), Problem::Forbidden);
        assert_eq!(problem(world.call(by, new("a", "A", true)).await), Problem::Forbidden);
        assert_eq!(problem(world.call(by, ListHelp {}).await), Problem::Forbidden);
    }
    assert_eq!(problem(world.call(&Credential::Nobody, search()).await), Problem::Unauthenticated);
    world.call(&admin.by, search()).await.unwrap();
}

/// With one reader of the database there is none left for anybody while somebody holds it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_a_reader_while_the_articles_are_indexed() {
    let folder = TempDir::new().unwrap();
    let database = Database::Sqlite(folder.join("sb.db"));
    let options = switchboard_storage::Options { readers: 1, ..switchboard_storage::Options::default() };
    let world = Arc::new(World::open_with(database, folder, true, options).await);
    let (admin, _) = world.agent("maya").await;
    for n in 0..40_u32 {
        // Words that differ, so that indexing them takes its time.
        let words: Vec<String> = (0..5_000_u32).map(|m| format!("w{:x}", n * 7_919 + m * m)).collect();
        let mut body = words.join(" ");
        body.truncate(40_000);
        add(&world, &admin, AddArticle { body, ..new(&format!("a{n}"), "Long", true) }).await;
    }
    let began = Instant::now();
    let searching = tokio::spawn({
        let world = Arc::clone(&world);
        async move { found(&world, "refund").await }
    });
    let mut longest = Duration::ZERO;
    while !searching.is_finished() {
        let asked = Instant::now();
        world.call(&admin.by, ListArticles { q: None, cursor: None, limit: Some(1) }).await.unwrap();
        longest = longest.max(asked.elapsed());
    }
    let whole = began.elapsed();
    searching.await.unwrap();
    assert!(longest < whole / 2, "somebody waited {longest:?} of {whole:?} for a reader");
}
