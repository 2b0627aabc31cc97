//! `POST /guides/{name}/publish`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::guide::{OneGuide, PublishGuide};
use utoipa::ToSchema;

/// What to publish.
#[derive(Deserialize, ToSchema)]
pub(crate) struct PublishBody {
    /// The edition of the draft that is meant; another one is 409.
    edition: i64,
    /// An earlier version to roll back to; the draft, when left out.
    version: Option<i64>,
}

pub(crate) async fn publish_guide(
    staff: Staff,
    Name(name): Name,
    Json(body): Json<PublishBody>,
) -> Answer<Reply<OneGuide>> {
    let PublishBody { edition, version } = body;
    staff.ask(PublishGuide { name, edition, version }).await.map(ok)
}
