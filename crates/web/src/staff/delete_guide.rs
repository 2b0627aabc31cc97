//! `DELETE /guides/{name}`

use crate::http::body::Name;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use http::StatusCode;
use switchboard_wire::call::guide::DeleteGuide;

pub(crate) async fn delete_guide(staff: Staff, Name(name): Name) -> Answer<StatusCode> {
    staff.ask(DeleteGuide { name }).await?;
    Ok(StatusCode::NO_CONTENT)
}
