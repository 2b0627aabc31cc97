//! `DELETE /canned/{id}`

use crate::http::body::Name;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use http::StatusCode;
use switchboard_wire::call::canned::DeleteCanned;

pub(crate) async fn delete_canned(staff: Staff, Name(id): Name) -> Answer<StatusCode> {
    staff.ask(DeleteCanned { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
