//! `GET /agents/{id}/conversations`

use crate::http::body::{Name, Query, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::watch::ListHeld;
use switchboard_wire::view::{Page, Summary};
use utoipa::IntoParams;

/// How many.
#[derive(Deserialize, IntoParams)]
pub(crate) struct HeldQuery {
    /// At most so many; 200 is the most. There is one page.
    limit: Option<i64>,
}

pub(crate) async fn list_held(
    staff: Staff,
    Name(agent): Name,
    Query(query): Query<HeldQuery>,
) -> Answer<Reply<Page<Summary>>> {
    staff.ask(ListHeld { agent, limit: query.limit }).await.map(ok)
}
