//! `GET /automations`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::cut;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::Paging;
use switchboard_wire::call::automation::ListAutomations;
use switchboard_wire::view::{Automation, Page};

pub(crate) async fn list_automations(
    staff: Staff,
    Query(page): Query<Paging>,
) -> Answer<Reply<Page<Automation>>> {
    let all = staff.ask(ListAutomations {}).await?.items;
    Ok(ok(cut("automations", all, page.limit, page.cursor)?))
}
