//! `POST /conversations/{id}/snooze`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::conversation::Snooze;
use switchboard_wire::view::Conversation;
use utoipa::ToSchema;

/// Until when, as of which state.
#[derive(Deserialize, ToSchema)]
pub(crate) struct SnoozeBody {
    /// The conversation's fence as last seen.
    fence: i64,
    /// RFC 3339, in the future.
    until: String,
}

pub(crate) async fn snooze(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<SnoozeBody>,
) -> Answer<Reply<Conversation>> {
    staff.ask(Snooze { id, fence: body.fence, until: body.until }).await.map(ok)
}
