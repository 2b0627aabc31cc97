//! Articles: admins keep them, everybody reads and finds those that are published.

mod add;
mod delete;
mod get;
mod help;
mod list;
mod patch;
mod rate;
mod search;

use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Staff;
use crate::halt::{Halt, Outcome};
use switchboard_domain::ArticleId;
use switchboard_domain::article::BadArticle;
use switchboard_domain::clock::rfc3339;
use switchboard_storage::article::{self, Article};
use switchboard_storage::{Error, Unique};
use switchboard_wire::{Failure, Problem, view};

/// As it is shown.
fn show(article: &Article) -> view::Article {
    let content = &article.content;
    view::Article {
        id: article.id.to_string(),
        slug: content.slug.clone(),
        title: content.title.clone(),
        body: content.body.clone(),
        language: content.language.clone(),
        keywords: content.keywords.clone(),
        published: content.published,
        version: article.version,
        helpful: article.helpful,
        unhelpful: article.unhelpful,
        updated_by: article.updated_by.clone(),
        created_at: rfc3339(article.created_at),
        updated_at: rfc3339(article.updated_at),
    }
}

/// The one of this id.
async fn find(cx: &mut Cx, id: &str) -> Outcome<Article> {
    let unknown = || Failure::not_found("article");
    let id: ArticleId = id.parse().map_err(|_| unknown())?;
    Ok(article::get(&mut cx.tx, &id).await?.ok_or_else(unknown)?)
}

/// Notes what an admin did.
async fn report(cx: &mut Cx, staff: &Staff, article: &Article, action: &'static str) -> Outcome<()> {
    let detail = serde_json::json!({ "slug": article.content.slug, "published": article.content.published });
    let report = Report::by(staff, action).detail(detail);
    report.about("article", Some(article.id.as_str()), &article.content.title).write(cx).await
}

/// What is published has another revision from now on.
async fn changed(cx: &mut Cx) -> Outcome<()> {
    let rng = std::sync::Arc::clone(&cx.shared.rng);
    Ok(article::changed(&mut cx.tx, rng.as_ref()).await?)
}

fn bad(field: &'static str) -> impl Fn(BadArticle) -> Failure {
    move |reason| Failure::invalid(field, &reason)
}

/// A slug that another one has is refused.
fn taken(error: Error) -> Halt {
    match error {
        Error::Conflict(Unique::Slug) => {
            let detail = "another article has this address already: choose another one";
            let mut failure = Failure::new(Problem::Taken, detail);
            failure.errors.insert("slug".into(), "taken".into());
            Halt::Refused(failure)
        }
        error => error.into(),
    }
}
