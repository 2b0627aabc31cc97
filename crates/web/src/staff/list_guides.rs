//! `GET /guides`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::cut;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::Paging;
use switchboard_wire::call::guide::ListGuides;
use switchboard_wire::view::{Guide, Page};

pub(crate) async fn list_guides(staff: Staff, Query(page): Query<Paging>) -> Answer<Reply<Page<Guide>>> {
    let all = staff.ask(ListGuides {}).await?.items;
    Ok(ok(cut("guides", all, page.limit, page.cursor)?))
}
