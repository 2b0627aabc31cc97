//! `POST /conversations/{id}/merge`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::guest::MergeHere;
use switchboard_wire::view::Conversation;
use utoipa::ToSchema;

/// With whose visitor.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MergeHereBody {
    /// A conversation of the other visitor. Where both say something, the details of the one in the path win.
    with: String,
}

pub(crate) async fn merge_here(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<MergeHereBody>,
) -> Answer<Reply<Conversation>> {
    staff.ask(MergeHere { keep: id, other: body.with }).await.map(ok)
}
