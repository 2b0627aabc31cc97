//! `POST /visitors/{id}/merge`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::guest::MergeVisitors;
use switchboard_wire::view::Guest;
use utoipa::ToSchema;

/// With whom.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MergeBody {
    /// The other visitor's id. Where both say something, the details of the one in the path win.
    with: String,
}

pub(crate) async fn merge_visitors(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<MergeBody>,
) -> Answer<Reply<Guest>> {
    staff.ask(MergeVisitors { keep: id, other: body.with }).await.map(ok)
}
