//! `PATCH /guides/{name}`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::guide::{OneGuide, PatchGuide};
use utoipa::ToSchema;

/// Changes of a guide.
#[derive(Deserialize, ToSchema)]
pub(crate) struct GuideChanges {
    /// What people read.
    title: String,
}

pub(crate) async fn patch_guide(
    staff: Staff,
    Name(name): Name,
    Json(body): Json<GuideChanges>,
) -> Answer<Reply<OneGuide>> {
    let GuideChanges { title } = body;
    staff.ask(PatchGuide { name, title }).await.map(ok)
}
