//! `POST /webhooks`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::webhook::{AddWebhook, WebhookSecret};
use utoipa::ToSchema;

/// A server that is told what happens.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewWebhookBody {
    /// What people read: 1 to 80 characters.
    name: String,
    /// Where it is told.
    url: String,
    /// What it is told: names of events, such as `conversation.started`; at least one.
    events: Vec<String>,
}

pub(crate) async fn add_webhook(
    staff: Staff,
    Json(body): Json<NewWebhookBody>,
) -> Answer<Reply<WebhookSecret>> {
    let NewWebhookBody { name, url, events } = body;
    Ok(created(staff.ask(AddWebhook { name, url, events }).await?, false))
}
