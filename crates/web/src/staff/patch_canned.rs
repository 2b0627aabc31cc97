//! `PATCH /canned/{id}`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::canned::{OneCanned, PatchCanned};
use utoipa::ToSchema;

/// Changes to a canned reply; absent fields stay.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CannedChanges {
    /// What is typed to find it.
    shortcut: Option<String>,
    /// The text.
    text: Option<String>,
}

pub(crate) async fn patch_canned(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<CannedChanges>,
) -> Answer<Reply<OneCanned>> {
    staff.ask(PatchCanned { id, shortcut: body.shortcut, text: body.text }).await.map(ok)
}
