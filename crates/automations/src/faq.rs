//! FAQ: answers questions from the articles. What it says is decided in [`switchboard_domain::faq`].

use serde::Deserialize;
use std::sync::Arc;
use switchboard_domain::faq::{self, By, Line, Move, Offer, Says};
use switchboard_sdk::{
    Articles, Automation, Handoff, ReplyChoice, ReplyMessage, Then, TurnError, TurnReply, TurnRequest,
    Working, clip,
};
use switchboard_wire::call::article::{RateArticle, SearchArticles};
use switchboard_wire::view::{ArticleHit, ArticlesFound};

/// The name, on the bus and in the history.
pub const NAME: &str = "faq";
/// Hits that are asked for: the best one, and the next ones for whom that has not helped.
const HITS: i64 = 5;

/// Answers with the article that fits.
#[derive(Clone)]
pub struct Faq {
    articles: Arc<dyn Articles>,
    base: String,
}

impl std::fmt::Debug for Faq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Faq").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Faq {
    /// From these articles; `base` is the address by which visitors reach the installation.
    #[must_use]
    pub fn new(articles: Arc<dyn Articles>, base: &str) -> Self {
        Self { articles, base: base.trim_end_matches('/').to_owned() }
    }

    async fn look(&self, query: String, turn: &TurnRequest) -> Result<ArticlesFound, TurnError> {
        let search = SearchArticles { query, locale: turn.visitor.locale.clone(), limit: HITS };
        // The platform tries again, and then people take over.
        self.articles.search(search).await.map_err(|problem| TurnError::failed(problem.to_string()))
    }

    async fn rate(&self, slug: &str, helpful: bool, turn: &TurnRequest) {
        let rating = RateArticle { slug: slug.into(), conversation: turn.conversation.clone(), helpful };
        if let Err(problem) = self.articles.rate(rating).await {
            // A number that is one too small is better than a visitor without an answer.
            tracing::warn!(%problem, slug, "whether an article has helped was not counted");
        }
    }
}

impl Automation for Faq {
    fn name(&self) -> &str {
        NAME
    }

    fn title(&self) -> &str {
        "FAQ"
    }

    fn description(&self) -> &str {
        "Answers your questions from our help articles."
    }

    async fn turn(&self, turn: TurnRequest, _working: &Working) -> Result<TurnReply, TurnError> {
        let locale = turn.visitor.locale.as_deref();
        let messages: Vec<String> = turn.messages.iter().map(|message| message.text.clone()).collect();
        let said = match faq::next(&history(&turn), &messages) {
            Move::Look(question) => {
                let ArticlesFound { hits, sure, asks, .. } = self.look(question, &turn).await?;
                let offers: Vec<Offer> = hits.into_iter().map(offer).collect();
                faq::answer(&offers, sure, asks, locale, &self.base)
            }
            Move::Helped(slug) => {
                self.rate(&slug, true, &turn).await;
                faq::helped(locale)
            }
            Move::Another { question, tried } => {
                if let Some(slug) = tried.last() {
                    self.rate(slug, false, &turn).await;
                }
                let found = self.look(question, &turn).await?;
                let offers: Vec<Offer> = found.hits.into_iter().map(offer).collect();
                faq::another(&offers, &tried, locale, &self.base)
            }
            Move::Person => faq::person(locale),
        };
        Ok(reply(said))
    }
}

fn offer(hit: ArticleHit) -> Offer {
    let ArticleHit { slug, title, language, excerpt, confidence, .. } = hit;
    Offer { slug, title, language, excerpt, confidence }
}

fn reply(said: Says) -> TurnReply {
    let choice = |text: &str| ReplyChoice { label: text.into(), value: text.into() };
    let choices = said.choices.into_iter().map(choice).collect();
    let then = match said.hands_over {
        Some(reason) => Then::Handoff(Handoff { reason: Some(reason.into()), ..Handoff::default() }),
        None => Then::Wait,
    };
    TurnReply {
        messages: vec![ReplyMessage { text: clip(said.text), choices }],
        then,
        ..TurnReply::default()
    }
}

/// As much of an entry as it takes.
#[derive(Deserialize)]
struct Seen {
    seq: i64,
    kind: String,
    author: Author,
    body: Body,
}

#[derive(Deserialize)]
struct Author {
    kind: String,
    id: Option<String>,
}

#[derive(Deserialize)]
struct Body {
    text: Option<String>,
}

/// The messages before those that are to be answered.
fn history(turn: &TurnRequest) -> Vec<Line> {
    let first = turn.messages.first().map_or(i64::MAX, |message| message.seq);
    let seen = turn.history.iter().filter_map(|entry| serde_json::from_str::<Seen>(entry.get()).ok());
    let messages = seen.filter(|entry| entry.kind == "message" && entry.seq < first);
    messages
        .map(|entry| {
            let by = match (entry.author.kind.as_str(), entry.author.id.as_deref()) {
                ("visitor", _) => By::Visitor,
                ("automation", Some(NAME)) => By::Faq,
                _ => By::Other,
            };
            Line { by, text: entry.body.text.unwrap_or_default() }
        })
        .collect()
}
