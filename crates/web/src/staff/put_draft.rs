//! `PUT /guides/{name}/draft`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::guide::{OneGuide, PutDraft};
use utoipa::ToSchema;

/// A guide's steps.
#[derive(Deserialize, ToSchema)]
pub(crate) struct DraftBody {
    /// The edition that was changed; another one is 409.
    edition: i64,
    /// The steps.
    steps: Vec<serde_json::Value>,
}

pub(crate) async fn put_draft(
    staff: Staff,
    Name(name): Name,
    Json(body): Json<DraftBody>,
) -> Answer<Reply<OneGuide>> {
    let DraftBody { edition, steps } = body;
    staff.ask(PutDraft { name, edition, steps }).await.map(ok)
}
