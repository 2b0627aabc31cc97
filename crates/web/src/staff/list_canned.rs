//! `GET /canned`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::{opened, sealed};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::Paging;
use switchboard_wire::call::canned::ListCanned;
use switchboard_wire::view::{CannedReply, Page};

const LIST: &str = "canned";

pub(crate) async fn list_canned(
    staff: Staff,
    Query(page): Query<Paging>,
) -> Answer<Reply<Page<CannedReply>>> {
    let call = ListCanned { limit: page.limit, cursor: opened(LIST, page.cursor)? };
    Ok(ok(sealed(LIST, staff.ask(call).await?)))
}
