//! `GET /search`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::{opened, sealed};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::search::Search;
use switchboard_wire::view::{Found, Page};
use utoipa::IntoParams;

const LIST: &str = "search";

/// What is looked for.
#[derive(Deserialize, IntoParams)]
pub(crate) struct SearchQuery {
    /// Words, all of which a message or note must have, in any case and with or without accents; `"…"` keeps words
    /// together, `*` behind a word means every word that begins so, and the last word may be a beginning. At most 200
    /// characters and 16 words.
    q: String,
    /// At most so many messages and notes; 100 is the most, 50 if absent.
    limit: Option<i64>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
}

pub(crate) async fn search(staff: Staff, Query(query): Query<SearchQuery>) -> Answer<Reply<Page<Found>>> {
    let SearchQuery { q, limit, cursor } = query;
    let cursor = opened(LIST, cursor)?;
    Ok(ok(sealed(LIST, staff.ask(Search { q, limit, cursor }).await?)))
}
