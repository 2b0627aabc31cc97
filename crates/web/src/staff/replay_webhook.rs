//! `POST /webhooks/{id}/replay`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::webhook::{ReplayWebhook, Replayed};
use utoipa::ToSchema;

/// What to try again.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ReplayBody {
    /// Only this event; everything that was given up when absent.
    event: Option<String>,
}

pub(crate) async fn replay_webhook(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<ReplayBody>,
) -> Answer<Reply<Replayed>> {
    staff.ask(ReplayWebhook { id, event: body.event }).await.map(ok)
}
