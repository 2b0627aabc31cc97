//! `DELETE /webhooks/{id}`

use crate::http::body::Name;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use http::StatusCode;
use switchboard_wire::call::webhook::DeleteWebhook;

pub(crate) async fn delete_webhook(staff: Staff, Name(id): Name) -> Answer<StatusCode> {
    staff.ask(DeleteWebhook { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
