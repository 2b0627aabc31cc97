//! `POST /conversations/{id}/priority`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::conversation::Prioritise;
use switchboard_wire::view::Conversation;
use utoipa::ToSchema;

/// How urgent a conversation is.
#[derive(Deserialize, ToSchema)]
pub(crate) struct PriorityBody {
    /// `low`, `normal`, `high` or `urgent`.
    priority: String,
}

pub(crate) async fn prioritise(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<PriorityBody>,
) -> Answer<Reply<Conversation>> {
    staff.ask(Prioritise { id, priority: body.priority }).await.map(ok)
}
