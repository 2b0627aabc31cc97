//! `GET /conversations/{id}`

use crate::http::body::{Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::conversation::GetConversation;
use switchboard_wire::view::Conversation;

pub(crate) async fn get_conversation(staff: Staff, Name(id): Name) -> Answer<Reply<Conversation>> {
    let conversation = staff.ask(GetConversation { id }).await?;
    Ok(ok(staff.edge().hub.estimates.with(conversation)))
}
