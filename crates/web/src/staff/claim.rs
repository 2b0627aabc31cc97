//! `POST /conversations/{id}/claim`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::FenceBody;
use switchboard_wire::call::conversation::Claim;
use switchboard_wire::view::Conversation;

pub(crate) async fn claim(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<FenceBody>,
) -> Answer<Reply<Conversation>> {
    staff.ask(Claim { id, fence: body.fence }).await.map(ok)
}
