//! `PATCH /webhooks/{id}`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::webhook::{OneWebhook, PatchWebhook};
use utoipa::ToSchema;

/// Changes to a server that is told what happens; absent fields stay.
#[derive(Deserialize, ToSchema)]
pub(crate) struct WebhookChanges {
    /// What people read.
    name: Option<String>,
    /// Where it is told.
    url: Option<String>,
    /// What it is told.
    events: Option<Vec<String>>,
    /// Whether it is told anything. What waits is kept meanwhile; what happens meanwhile is not told.
    active: Option<bool>,
}

pub(crate) async fn patch_webhook(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<WebhookChanges>,
) -> Answer<Reply<OneWebhook>> {
    let WebhookChanges { name, url, events, active } = body;
    staff.ask(PatchWebhook { id, name, url, events, active }).await.map(ok)
}
