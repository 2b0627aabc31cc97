//! `POST /conversations/{id}/reopen`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::FenceBody;
use switchboard_wire::call::conversation::Reopen;
use switchboard_wire::view::Conversation;

pub(crate) async fn reopen(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<FenceBody>,
) -> Answer<Reply<Conversation>> {
    staff.ask(Reopen { id, fence: body.fence }).await.map(ok)
}
