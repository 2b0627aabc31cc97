//! `POST /webhooks/{id}/test`

use crate::http::body::{Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::webhook::{TestWebhook, Tested};

pub(crate) async fn test_webhook(staff: Staff, Name(id): Name) -> Answer<Reply<Tested>> {
    staff.ask(TestWebhook { id }).await.map(ok)
}
