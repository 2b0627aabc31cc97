//! `GET /mentions`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::{opened, sealed};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::Paging;
use switchboard_wire::call::mention::ListMentions;
use switchboard_wire::view::{Mention, Page};

const LIST: &str = "mentions";

pub(crate) async fn list_mentions(staff: Staff, Query(page): Query<Paging>) -> Answer<Reply<Page<Mention>>> {
    let call = ListMentions { limit: page.limit, cursor: opened(LIST, page.cursor)? };
    Ok(ok(sealed(LIST, staff.ask(call).await?)))
}
