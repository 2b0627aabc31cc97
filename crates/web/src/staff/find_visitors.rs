//! `GET /visitors`

use crate::http::body::{Query, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::guest::FindVisitors;
use switchboard_wire::view::{Guest, Page};
use utoipa::IntoParams;

/// Which visitors.
#[derive(Deserialize, IntoParams)]
pub(crate) struct VisitorsQuery {
    /// How an e-mail address begins, in any case, or a whole id. Without it nobody is found.
    q: Option<String>,
    /// At most so many; 200 is the most. There are no further pages: search for more of the address.
    limit: Option<i64>,
}

pub(crate) async fn find_visitors(
    staff: Staff,
    Query(query): Query<VisitorsQuery>,
) -> Answer<Reply<Page<Guest>>> {
    let found = staff.ask(FindVisitors { q: query.q, limit: query.limit }).await?;
    Ok(ok(Page { next: None, ..found }))
}
