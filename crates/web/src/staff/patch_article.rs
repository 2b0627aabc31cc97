//! `PATCH /articles/{id}`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::article::{OneArticle, PatchArticle};
use utoipa::ToSchema;

/// Changes to an article; absent fields stay.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ArticleChanges {
    /// The version that the changes are of. When somebody has changed the article since it is refused (409 `stale`), and
    /// `errors` names the fields in which what is stored is not what was sent.
    version: i64,
    /// The title.
    title: Option<String>,
    /// Its place below `/help/`.
    slug: Option<String>,
    /// Markdown.
    body: Option<String>,
    /// The code of its language.
    language: Option<String>,
    /// Other words by which it is found.
    keywords: Option<Vec<String>>,
    /// Whether visitors see it.
    published: Option<bool>,
}

pub(crate) async fn patch_article(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<ArticleChanges>,
) -> Answer<Reply<OneArticle>> {
    let ArticleChanges { version, title, slug, body, language, keywords, published } = body;
    let call = PatchArticle { id, version, title, slug, body, language, keywords, published };
    staff.ask(call).await.map(ok)
}
