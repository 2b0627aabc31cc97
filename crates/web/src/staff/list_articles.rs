//! `GET /articles`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::{opened, sealed};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::article::ListArticles;
use switchboard_wire::view::{Article, Page};
use utoipa::IntoParams;

const LIST: &str = "articles";

/// Which articles.
#[derive(Deserialize, IntoParams)]
pub(crate) struct ArticlesQuery {
    /// Only those that have this in title, address or keywords, in any case.
    q: Option<String>,
    /// At most so many; 200 is the most.
    limit: Option<i64>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
}

pub(crate) async fn list_articles(
    staff: Staff,
    Query(query): Query<ArticlesQuery>,
) -> Answer<Reply<Page<Article>>> {
    let call = ListArticles { q: query.q, limit: query.limit, cursor: opened(LIST, query.cursor)? };
    Ok(ok(sealed(LIST, staff.ask(call).await?)))
}
