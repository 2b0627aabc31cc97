//! `PATCH /automations/{name}`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::automation::{OneAutomation, PatchAutomation};
use switchboard_wire::view::AutomationRules;
use utoipa::ToSchema;

/// Changes to an automation; absent fields stay.
#[derive(Deserialize, ToSchema)]
pub(crate) struct AutomationChanges {
    /// Activates or deactivates; what it has then goes to people.
    active: Option<bool>,
    /// Whether visitors may start with it.
    public: Option<bool>,
    /// Time for one attempt at a turn, in milliseconds.
    deadline_ms: Option<i64>,
    /// How much at a time, when, and where what it hands over goes; replaced as a whole.
    rules: Option<AutomationRules>,
}

pub(crate) async fn patch_automation(
    staff: Staff,
    Name(name): Name,
    Json(body): Json<AutomationChanges>,
) -> Answer<Reply<OneAutomation>> {
    let AutomationChanges { active, public, deadline_ms, rules } = body;
    staff.ask(PatchAutomation { name, active, public, deadline_ms, rules }).await.map(ok)
}
