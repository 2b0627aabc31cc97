//! `GET /bans`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::{opened, sealed};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::Paging;
use switchboard_wire::call::ban::ListBans;
use switchboard_wire::view::{Ban, Page};

const LIST: &str = "bans";

pub(crate) async fn list_bans(staff: Staff, Query(page): Query<Paging>) -> Answer<Reply<Page<Ban>>> {
    let call = ListBans { limit: page.limit, cursor: opened(LIST, page.cursor)? };
    Ok(ok(sealed(LIST, staff.ask(call).await?)))
}
