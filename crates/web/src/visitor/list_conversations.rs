//! `GET /visitor/conversations`

use crate::http::body::{Query, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Visitor;
use crate::staff::Paging;
use switchboard_wire::call::visitor::ListOwnConversations;
use switchboard_wire::view::{Conversation, Page};

pub(crate) async fn list_conversations(
    visitor: Visitor,
    Query(page): Query<Paging>,
) -> Answer<Reply<Page<Conversation>>> {
    visitor.ask(ListOwnConversations { limit: page.limit, cursor: page.cursor }).await.map(ok)
}
