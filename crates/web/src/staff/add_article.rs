//! `POST /articles`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::article::{AddArticle, OneArticle};
use utoipa::ToSchema;

/// A new article.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewArticleBody {
    /// One line of 1 to 160 characters, usually a question.
    title: String,
    /// Its place below `/help/`: 1 to 80 of `[a-z0-9-]`; made of the title when absent.
    slug: Option<String>,
    /// Markdown, at most 48 KiB.
    body: String,
    /// The code of its language, such as `en`.
    language: String,
    /// Other words by which it is found: at most 40 of at most 80 characters.
    #[serde(default)]
    keywords: Vec<String>,
    /// Whether visitors see it at once.
    #[serde(default)]
    published: bool,
}

pub(crate) async fn add_article(staff: Staff, Json(body): Json<NewArticleBody>) -> Answer<Reply<OneArticle>> {
    let NewArticleBody { title, slug, body, language, keywords, published } = body;
    let call = AddArticle { title, slug, body, language, keywords, published };
    Ok(created(staff.ask(call).await?, false))
}
