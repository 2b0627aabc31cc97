//! `DELETE /bans/{id}`

use crate::http::body::Name;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use http::StatusCode;
use switchboard_wire::call::ban::LiftBan;

pub(crate) async fn lift_ban(staff: Staff, Name(id): Name) -> Answer<StatusCode> {
    staff.ask(LiftBan { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
