//! `DELETE /teams/{id}`

use crate::http::body::Name;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use http::StatusCode;
use switchboard_wire::call::team::DeleteTeam;

pub(crate) async fn delete_team(staff: Staff, Name(id): Name) -> Answer<StatusCode> {
    staff.ask(DeleteTeam { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
