//! `DELETE /account/sessions/{id}`

use crate::http::body::Name;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use http::StatusCode;
use switchboard_wire::call::session::RevokeSession;

pub(crate) async fn revoke_session(staff: Staff, Name(id): Name) -> Answer<StatusCode> {
    staff.ask(RevokeSession { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
