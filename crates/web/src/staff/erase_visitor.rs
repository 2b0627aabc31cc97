//! `DELETE /visitors/{id}`

use crate::http::body::Name;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use http::StatusCode;
use switchboard_wire::call::guest::EraseVisitor;

pub(crate) async fn erase_visitor(staff: Staff, Name(id): Name) -> Answer<StatusCode> {
    staff.ask(EraseVisitor { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
