//! `DELETE /rules/{id}`

use crate::http::body::Name;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use http::StatusCode;
use switchboard_wire::call::rule::DeleteRule;

pub(crate) async fn delete_rule(staff: Staff, Name(id): Name) -> Answer<StatusCode> {
    staff.ask(DeleteRule { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
