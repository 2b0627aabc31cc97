//! `POST /mentions/read`

use crate::http::body::Json;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use http::StatusCode;
use serde::Deserialize;
use switchboard_wire::call::mention::ReadMentions;
use utoipa::ToSchema;

/// Which ones.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ReadMentionsBody {
    /// Those of this conversation; all without it.
    conversation: Option<String>,
}

pub(crate) async fn read_mentions(staff: Staff, Json(body): Json<ReadMentionsBody>) -> Answer<StatusCode> {
    staff.ask(ReadMentions { conversation: body.conversation }).await?;
    Ok(StatusCode::NO_CONTENT)
}
