//! Finding the articles that answer a question.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::library::index;
use crate::run::Handle;
use switchboard_domain::retrieval;
use switchboard_wire::Failure;
use switchboard_wire::call::article::SearchArticles;
use switchboard_wire::view::{ArticleHit, ArticlesFound};

/// Most hits of one answer.
const HITS: i64 = 20;

impl Handle for SearchArticles {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<ArticlesFound> {
        let (index, revision) = index(cx).await?;
        let limit = usize::try_from(self.limit.clamp(1, HITS)).unwrap_or(1);
        // Long questions over many articles take a moment of computing, in which others are not to wait.
        let looking = tokio::task::spawn_blocking(move || {
            let answer = index.search(&self.query, self.locale.as_deref(), limit);
            let hits = answer.found.into_iter().map(hit).collect();
            ArticlesFound { hits, sure: answer.sure, asks: answer.asks, revision }
        });
        Ok(looking
            .await
            .map_err(|_| Failure::unavailable("the articles could not be searched; try again"))?)
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
