//! Finding the articles that answer a question.

use crate::authority::Authority;
use crate::library::index;
use crate::run::Run;
use crate::shared::Shared;
use std::sync::Arc;
use switchboard_domain::retrieval;
use switchboard_wire::call::article::SearchArticles;
use switchboard_wire::view::{ArticleHit, ArticlesFound};
use switchboard_wire::{Call, Failure};

/// Most hits of one answer.
const HITS: i64 = 20;

impl Run for SearchArticles {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<ArticlesFound, Failure> {
        let (index, revision) = index(&shared, &by, (Self::NAME, Self::ACCESS)).await?;
        let limit = usize::try_from(self.limit.clamp(1, HITS)).unwrap_or(1);
        // Long questions over many articles take a moment of computing, in which others are not to wait.
        let looking = tokio::task::spawn_blocking(move || {
            let answer = index.search(&self.query, self.locale.as_deref(), limit);
            let hits = answer.found.into_iter().map(hit).collect();
            ArticlesFound { hits, sure: answer.sure, asks: answer.asks, revision }
        });
        looking.await.map_err(|_| Failure::unavailable("the articles could not be searched; try again"))
    }
}

fn hit(found: retrieval::Found<'_>) -> ArticleHit {
    ArticleHit {
        slug: found.document.slug.clone(),
        title: found.document.title.clone(),
        language: found.document.language.clone(),
        excerpt: found.excerpt,
        text: found.text,
        score: found.score,
        confidence: found.confidence,
    }
}
