//! Changing an article, publishing it, and taking it back.

use super::{bad, changed, find, report, show, taken};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::{Halt, Outcome};
use crate::run::Handle;
use switchboard_domain::article::{Content, body, differences, keywords, language, slug, title};
use switchboard_storage::article::{self, Article};
use switchboard_wire::call::article::{OneArticle, PatchArticle};
use switchboard_wire::{Failure, Problem};

impl Handle for PatchArticle {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneArticle> {
        let staff = actor.staff()?;
        let title = self.title.as_deref().map(title).transpose().map_err(bad("title"))?;
        let slug = self.slug.as_deref().map(slug).transpose().map_err(bad("slug"))?;
        let body = self.body.as_deref().map(body).transpose().map_err(bad("body"))?;
        let language = self.language.as_deref().map(language).transpose().map_err(bad("language"))?;
        let keywords = self.keywords.as_deref().map(keywords).transpose().map_err(bad("keywords"))?;
        let before = find(cx, &self.id).await?;
        let was = before.content.clone();
        let content = Content {
            slug: slug.unwrap_or(was.slug.clone()),
            title: title.unwrap_or(was.title.clone()),
            body: body.unwrap_or(was.body.clone()),
            language: language.unwrap_or(was.language.clone()),
            keywords: keywords.unwrap_or(was.keywords.clone()),
            published: self.published.unwrap_or(was.published),
        };
        if self.version != before.version {
            return Err(stale(&before, &content).into());
        }
        let parts = differences(&was, &content);
        if parts.is_empty() {
            return Ok(OneArticle { article: show(&before) });
        }
        let action = match (was.published, content.published) {
            (false, true) => "article.published",
            (true, false) => "article.unpublished",
            _ => "article.changed",
        };
        let visible = was.published || content.published;
        let after = Article {
            content,
            version: before.version + 1,
            updated_by: staff.agent().name,
            updated_at: cx.now,
            ..before
        };
        if !article::update(&mut cx.tx, &after).await.map_err(taken)? {
            // Somebody was faster; the next run sees what they have done.
            return Err(Halt::Again);
        }
        if visible {
            changed(cx).await?;
        }
        report(cx, staff, &after, action).await?;
        Ok(OneArticle { article: show(&after) })
    }
}

/// Says who was faster, and in which fields what is stored is not what was sent.
fn stale(stored: &Article, sent: &Content) -> Failure {
    let detail = format!(
        "{} has changed this article meanwhile: look at what it says now, then save again",
        stored.updated_by
    );
    let mut failure = Failure::new(Problem::Stale, detail);
    for part in differences(&stored.content, sent) {
        failure.errors.insert(part.as_str().into(), "not what is stored now".into());
    }
    failure
}
