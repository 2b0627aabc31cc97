//! `POST /conversations/{id}/tags`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::conversation::TagConversation;
use switchboard_wire::view::Conversation;
use utoipa::ToSchema;

/// Labels to add and to take away; at most 20 of each, 1 to 40 characters. A conversation has at most 20.
#[derive(Deserialize, ToSchema)]
pub(crate) struct TagsBody {
    /// What it will have.
    #[serde(default)]
    add: Vec<String>,
    /// What it will not have, unless it is also to be added.
    #[serde(default)]
    remove: Vec<String>,
}

pub(crate) async fn tag(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<TagsBody>,
) -> Answer<Reply<Conversation>> {
    staff.ask(TagConversation { id, add: body.add, remove: body.remove }).await.map(ok)
}
