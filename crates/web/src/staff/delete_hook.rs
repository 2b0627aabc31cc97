//! `DELETE /automations/{name}`

use crate::http::body::Name;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use http::StatusCode;
use switchboard_wire::call::hook::DeleteHook;

pub(crate) async fn delete_hook(staff: Staff, Name(name): Name) -> Answer<StatusCode> {
    staff.ask(DeleteHook { name }).await?;
    Ok(StatusCode::NO_CONTENT)
}
