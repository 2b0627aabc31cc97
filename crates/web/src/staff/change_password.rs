//! `PUT /account/password`

use crate::http::body::Json;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use http::StatusCode;
use serde::Deserialize;
use switchboard_wire::call::session::ChangePassword;
use utoipa::ToSchema;

/// The present password and the one to come.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ChangePasswordBody {
    /// The present one.
    current: String,
    /// The one to come: at least 15 characters.
    new: String,
}

pub(crate) async fn change_password(
    staff: Staff,
    Json(body): Json<ChangePasswordBody>,
) -> Answer<StatusCode> {
    staff.ask(ChangePassword { current: body.current, new: body.new }).await?;
    Ok(StatusCode::NO_CONTENT)
}
