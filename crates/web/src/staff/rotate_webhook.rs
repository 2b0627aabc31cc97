//! `POST /webhooks/{id}/secret`

use crate::http::body::{Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::webhook::{RotateWebhook, WebhookSecret};

pub(crate) async fn rotate_webhook(staff: Staff, Name(id): Name) -> Answer<Reply<WebhookSecret>> {
    staff.ask(RotateWebhook { id }).await.map(ok)
}
