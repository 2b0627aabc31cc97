//! `GET /conversations`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::{opened, sealed};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_domain::Status;
use switchboard_wire::call::conversation::{ListConversations, View};
use switchboard_wire::view::{Page, Summary};
use utoipa::IntoParams;

/// The kind of list that a cursor is good for.
const LIST: &str = "conversations";

/// Which conversations.
#[derive(Deserialize, IntoParams)]
pub(crate) struct ConversationsQuery {
    /// `mine`, `queue` or `all` that the agent may see; `all` when absent.
    #[param(value_type = Option<String>)]
    view: Option<View>,
    /// Only `open`, `snoozed` or `resolved` ones.
    #[param(value_type = Option<String>)]
    status: Option<Status>,
    /// A prefix of visitor name, e-mail or conversation id.
    q: Option<String>,
    /// Only those with this tag.
    tag: Option<String>,
    /// Only those of the team with this id.
    team: Option<String>,
    /// At most so many; 200 is the most.
    limit: Option<i64>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
}

pub(crate) async fn list_conversations(
    staff: Staff,
    Query(query): Query<ConversationsQuery>,
) -> Answer<Reply<Page<Summary>>> {
    let ConversationsQuery { view, status, q, tag, team, limit, cursor } = query;
    let view = view.unwrap_or(View::All);
    let q = q.filter(|q| !q.trim().is_empty());
    let cursor = opened(LIST, cursor)?;
    Ok(ok(sealed(LIST, staff.ask(ListConversations { view, status, q, tag, team, limit, cursor }).await?)))
}
