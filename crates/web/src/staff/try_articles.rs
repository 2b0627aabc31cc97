//! `GET /articles/try`

use crate::http::body::{Query, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::{Deserialize, Serialize};
use switchboard_domain::faq::{self, Offer};
use switchboard_wire::call::article::SearchArticles;
use switchboard_wire::view::ArticlesFound;
use utoipa::{IntoParams, ToSchema};

/// Hits of a rehearsal.
const HITS: i64 = 10;

/// What would be asked.
#[derive(Deserialize, IntoParams)]
pub(crate) struct TryQuery {
    /// The question, as a visitor would write it.
    q: String,
    /// The visitor's language.
    locale: Option<String>,
}

/// What a question finds, and what the automation `faq` would say.
#[derive(Serialize, ToSchema)]
pub(crate) struct Rehearsed {
    /// What is found, best first.
    found: ArticlesFound,
    /// What would be said.
    says: String,
    /// What could be chosen then.
    choices: Vec<String>,
    /// Whether people would take over.
    hands_over: bool,
}

pub(crate) async fn try_articles(staff: Staff, Query(query): Query<TryQuery>) -> Answer<Reply<Rehearsed>> {
    let TryQuery { q, locale } = query;
    let search = SearchArticles { query: q, locale: locale.clone(), limit: HITS };
    let found = staff.ask(search).await?;
    let offers: Vec<Offer> = found.hits.iter().map(offer).collect();
    let base = staff.edge().origins.public().text();
    let said = faq::answer(&offers, found.sure, found.asks, locale.as_deref(), &base);
    let choices = said.choices.into_iter().map(Into::into).collect();
    Ok(ok(Rehearsed { found, says: said.text, choices, hands_over: said.hands_over.is_some() }))
}

fn offer(hit: &switchboard_wire::view::ArticleHit) -> Offer {
    Offer {
        slug: hit.slug.clone(),
        title: hit.title.clone(),
        language: hit.language.clone(),
        excerpt: hit.excerpt.clone(),
        confidence: hit.confidence,
    }
}
