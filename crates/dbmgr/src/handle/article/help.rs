//! What everybody may read of what is published.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::article::ARTICLES;
use switchboard_domain::clock::rfc3339;
use switchboard_storage::article;
use switchboard_wire::Failure;
use switchboard_wire::call::article::{GetHelp, ListHelp};
use switchboard_wire::view::{HelpArticle, HelpIndex, HelpTitle};

impl Handle for GetHelp {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<HelpArticle> {
        let found = article::published(&mut cx.tx, &self.slug).await?;
        let found = found.ok_or_else(|| Failure::not_found("article"))?;
        let content = found.content;
        Ok(HelpArticle {
            slug: content.slug,
            title: content.title,
            body: content.body,
            language: content.language,
            version: found.version,
            updated_at: rfc3339(found.updated_at),
        })
    }
}

impl Handle for ListHelp {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<HelpIndex> {
        // Before the titles: what changes meanwhile makes the next revision, not an old page under a new one.
        let revision = article::revision(&mut cx.tx).await?;
        let titles = article::titles(&mut cx.tx, ARTICLES).await?;
        let articles = titles.into_iter().map(|[slug, title, language]| HelpTitle { slug, title, language });
        Ok(HelpIndex { articles: articles.collect(), revision })
    }
}
