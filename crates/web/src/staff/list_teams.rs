//! `GET /teams`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::{opened, sealed};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::Paging;
use switchboard_wire::call::team::ListTeams;
use switchboard_wire::view::{Page, Team};

const LIST: &str = "teams";

pub(crate) async fn list_teams(staff: Staff, Query(page): Query<Paging>) -> Answer<Reply<Page<Team>>> {
    let call = ListTeams { limit: page.limit, cursor: opened(LIST, page.cursor)? };
    Ok(ok(sealed(LIST, staff.ask(call).await?)))
}
