//! The built-in automations can be told apart.

use futures_util::future::BoxFuture;
use std::sync::Arc;
use switchboard_automations::{NAMES, Needs, all, by_name};
use switchboard_sdk::{Articles, Automation as _};
use switchboard_wire::Failure;
use switchboard_wire::call::article::{RateArticle, SearchArticles};
use switchboard_wire::view::ArticlesFound;

struct Nothing;

impl Articles for Nothing {
    fn search(&self, _: SearchArticles) -> BoxFuture<'_, Result<ArticlesFound, Failure>> {
        Box::pin(async { Err(Failure::unavailable("nobody is there")) })
    }
    fn rate(&self, _: RateArticle) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async { Ok(()) })
    }
}

#[test]
fn names_are_unique_and_find_their_automation() {
    let needs = Needs { articles: Arc::new(Nothing), base: String::new() };
    let names: Vec<_> = all(&needs).iter().map(|automation| automation.name().to_owned()).collect();
    assert_eq!(names, NAMES);
    for name in &names {
        assert_eq!(by_name(name, &needs).unwrap().name(), name);
    }
    assert!(by_name("nobody", &needs).is_none());
}
