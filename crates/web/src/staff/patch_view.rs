//! `PATCH /views/{id}`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::saved_view::{OneView, PatchView};
use switchboard_wire::view::ViewFilter;
use utoipa::ToSchema;

/// Changes to a saved view; absent fields stay.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ViewChanges {
    /// Its name.
    name: Option<String>,
    /// What it shows.
    filter: Option<ViewFilter>,
}

pub(crate) async fn patch_view(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<ViewChanges>,
) -> Answer<Reply<OneView>> {
    staff.ask(PatchView { id, name: body.name, filter: body.filter }).await.map(ok)
}
