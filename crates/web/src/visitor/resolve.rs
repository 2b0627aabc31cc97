//! `POST /visitor/conversations/{id}/resolve`

use crate::http::body::{Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Visitor;
use switchboard_wire::call::conversation::Resolve;
use switchboard_wire::view::Conversation;

pub(crate) async fn resolve(visitor: Visitor, Name(id): Name) -> Answer<Reply<Conversation>> {
    visitor.edge().admit_message(visitor.credential())?;
    visitor.ask(Resolve { id, fence: None }).await.map(ok)
}
