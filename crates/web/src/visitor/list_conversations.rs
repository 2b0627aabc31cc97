//! `GET /visitor/conversations`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::{opened, sealed};
use crate::http::problem::Answer;
use crate::http::speaker::Visitor;
use crate::staff::Paging;
use switchboard_wire::call::visitor::ListOwnConversations;
use switchboard_wire::view::{Conversation, Page};

const LIST: &str = "own conversations";

pub(crate) async fn list_conversations(
    visitor: Visitor,
    Query(page): Query<Paging>,
) -> Answer<Reply<Page<Conversation>>> {
    let call = ListOwnConversations { limit: page.limit, cursor: opened(LIST, page.cursor)? };
    let Page { items, next } = visitor.ask(call).await?;
    let estimates = &visitor.edge().hub.estimates;
    let items = items.into_iter().map(|conversation| estimates.with(conversation)).collect();
    Ok(ok(sealed(LIST, Page { items, next })))
}
