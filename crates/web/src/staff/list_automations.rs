//! `GET /automations`

use crate::http::body::{Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::automation::ListAutomations;
use switchboard_wire::view::{Automation, Page};

pub(crate) async fn list_automations(staff: Staff) -> Answer<Reply<Page<Automation>>> {
    staff.ask(ListAutomations {}).await.map(ok)
}
