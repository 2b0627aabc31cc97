//! Making an article.

use super::{bad, changed, report, show, taken};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::ArticleId;
use switchboard_domain::article::{
    ARTICLES, BadArticle, Content, body, keywords, language, slug, slug_of, title,
};
use switchboard_storage::article::{self, Article};
use switchboard_wire::Failure;
use switchboard_wire::call::article::{AddArticle, OneArticle};

impl Handle for AddArticle {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneArticle> {
        let staff = actor.staff()?;
        let title = title(&self.title).map_err(bad("title"))?;
        let slug = match self.slug.as_deref() {
            Some(text) => slug(text),
            None => slug_of(&title).ok_or(BadArticle::Slug),
        };
        let content = Content {
            slug: slug.map_err(bad("slug"))?,
            title,
            body: body(&self.body).map_err(bad("body"))?,
            language: language(&self.language).map_err(bad("language"))?,
            keywords: keywords(&self.keywords).map_err(bad("keywords"))?,
            published: self.published,
        };
        if article::count(&mut cx.tx).await? >= ARTICLES {
            let reason = format!("there are {ARTICLES} articles already: delete one that is not needed");
            return Err(Failure::invalid("title", &reason).into());
        }
        let made = Article {
            id: ArticleId::random(cx.shared.rng.as_ref()),
            content,
            version: 1,
            helpful: 0,
            unhelpful: 0,
            updated_by: staff.agent().name,
            created_at: cx.now,
            updated_at: cx.now,
        };
        article::insert(&mut cx.tx, &made).await.map_err(taken)?;
        if made.content.published {
            changed(cx).await?;
        }
        report(cx, staff, &made, "article.added").await?;
        Ok(OneArticle { article: show(&made) })
    }
}
