//! `GET /teams`

use crate::http::body::{Query, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::Paging;
use switchboard_wire::call::team::ListTeams;
use switchboard_wire::view::{Page, Team};

pub(crate) async fn list_teams(staff: Staff, Query(page): Query<Paging>) -> Answer<Reply<Page<Team>>> {
    staff.ask(ListTeams { limit: page.limit, cursor: page.cursor }).await.map(ok)
}
