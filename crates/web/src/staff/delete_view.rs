//! `DELETE /views/{id}`

use crate::http::body::Name;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use http::StatusCode;
use switchboard_wire::call::saved_view::DeleteView;

pub(crate) async fn delete_view(staff: Staff, Name(id): Name) -> Answer<StatusCode> {
    staff.ask(DeleteView { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
