//! `POST /rules`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::rule::{AddRule, OneRule, RuleDraft};

pub(crate) async fn add_rule(staff: Staff, Json(rule): Json<RuleDraft>) -> Answer<Reply<OneRule>> {
    Ok(created(staff.ask(AddRule { rule }).await?, false))
}
