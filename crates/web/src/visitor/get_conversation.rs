//! `GET /visitor/conversations/{id}`

use crate::http::body::{Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Visitor;
use switchboard_wire::call::conversation::GetConversation;
use switchboard_wire::view::Conversation;

pub(crate) async fn get_conversation(visitor: Visitor, Name(id): Name) -> Answer<Reply<Conversation>> {
    let conversation = visitor.ask(GetConversation { id }).await?;
    Ok(ok(visitor.edge().hub.estimates.with(conversation)))
}
