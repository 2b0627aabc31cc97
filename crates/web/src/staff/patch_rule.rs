//! `PATCH /rules/{id}`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use serde_json::Value;
use switchboard_wire::call::rule::{OneRule, PatchRule};
use utoipa::ToSchema;

/// Changes to a rule; absent fields stay.
#[derive(Deserialize, ToSchema)]
pub(crate) struct RuleChanges {
    /// What admins call it.
    name: Option<String>,
    /// Whether it is on.
    on: Option<bool>,
    /// When it is looked at.
    #[schema(value_type = Option<Object>)]
    trigger: Option<Value>,
    /// What must hold, all of it.
    #[schema(value_type = Option<Vec<Object>>)]
    conditions: Option<Vec<Value>>,
    /// What is done, in order.
    #[schema(value_type = Option<Vec<Object>>)]
    actions: Option<Vec<Value>>,
    /// Whether no later rule is looked at when it fires.
    stop: Option<bool>,
    /// The edition that the changes are of. When somebody has changed the rule since, it is refused (409 `stale`); without
    /// it whatever is stored is changed.
    edition: Option<String>,
}

pub(crate) async fn patch_rule(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<RuleChanges>,
) -> Answer<Reply<OneRule>> {
    let RuleChanges { name, on, trigger, conditions, actions, stop, edition } = body;
    staff.ask(PatchRule { id, name, on, trigger, conditions, actions, stop, edition }).await.map(ok)
}
