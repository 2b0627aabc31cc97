//! `POST /conversations/{id}/resolve`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::FenceBody;
use switchboard_wire::call::conversation::Resolve;
use switchboard_wire::view::Conversation;

pub(crate) async fn resolve(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<FenceBody>,
) -> Answer<Reply<Conversation>> {
    staff.ask(Resolve { id, fence: Some(body.fence) }).await.map(ok)
}
