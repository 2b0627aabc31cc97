//! `GET /webhooks`

use crate::http::body::{Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::webhook::ListWebhooks;
use switchboard_wire::view::{Page, Webhook};

pub(crate) async fn list_webhooks(staff: Staff) -> Answer<Reply<Page<Webhook>>> {
    staff.ask(ListWebhooks {}).await.map(ok)
}
