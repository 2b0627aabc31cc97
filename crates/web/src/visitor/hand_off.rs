//! `POST /visitor/conversations/{id}/handoff`

use crate::http::body::{Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Visitor;
use switchboard_wire::call::conversation::Handoff;
use switchboard_wire::view::Conversation;

pub(crate) async fn hand_off(visitor: Visitor, Name(id): Name) -> Answer<Reply<Conversation>> {
    visitor.edge().admit_message(visitor.credential())?;
    visitor.ask(Handoff { id }).await.map(ok)
}
