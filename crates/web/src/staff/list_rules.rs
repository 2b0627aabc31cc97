//! `GET /rules`

use crate::http::body::{Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::rule::ListRules;
use switchboard_wire::view::{Page, Rule};

pub(crate) async fn list_rules(staff: Staff) -> Answer<Reply<Page<Rule>>> {
    staff.ask(ListRules {}).await.map(ok)
}
