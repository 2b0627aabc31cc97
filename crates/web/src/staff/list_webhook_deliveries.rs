//! `GET /webhooks/{id}/deliveries`

use crate::http::body::{Name, Query, Reply, ok};
use crate::http::cursor::{opened, sealed};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::webhook::ListWebhookDeliveries;
use switchboard_wire::view::{Page, WebhookDelivery};
use utoipa::IntoParams;

const LIST: &str = "webhook deliveries";

/// Which deliveries.
#[derive(Deserialize, IntoParams)]
pub(crate) struct DeliveriesQuery {
    /// Only those: `waiting`, `delivered` or `failed`.
    state: Option<String>,
    /// At most so many; 200 is the most.
    limit: Option<i64>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
}

pub(crate) async fn list_webhook_deliveries(
    staff: Staff,
    Name(id): Name,
    Query(query): Query<DeliveriesQuery>,
) -> Answer<Reply<Page<WebhookDelivery>>> {
    let DeliveriesQuery { state, limit, cursor } = query;
    let call = ListWebhookDeliveries { id, state, limit, cursor: opened(LIST, cursor)? };
    Ok(ok(sealed(LIST, staff.ask(call).await?)))
}
