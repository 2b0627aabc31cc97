//! `PUT /rules/order`

use crate::http::body::{Json, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::rule::OrderRules;
use switchboard_wire::view::{Page, Rule};
use utoipa::ToSchema;

/// Another order.
#[derive(Deserialize, ToSchema)]
pub(crate) struct OrderBody {
    /// The ids of all rules, each once.
    ids: Vec<String>,
}

pub(crate) async fn order_rules(staff: Staff, Json(body): Json<OrderBody>) -> Answer<Reply<Page<Rule>>> {
    staff.ask(OrderRules { ids: body.ids }).await.map(ok)
}
