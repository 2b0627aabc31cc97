//! `PATCH /admins/{id}` and `PATCH /agents/{id}`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_domain::Role;
use switchboard_wire::call::account::PatchAccount;
use switchboard_wire::view::Accounts;
use utoipa::ToSchema;

/// Changes to an admin; absent fields stay.
#[derive(Deserialize, ToSchema)]
pub(crate) struct AdminChanges {
    /// Activates or deactivates; deactivation ends sessions and sockets at once.
    active: Option<bool>,
    /// The name that people see.
    display_name: Option<String>,
}

/// Changes to an agent; absent fields stay.
#[derive(Deserialize, ToSchema)]
pub(crate) struct AgentChanges {
    /// Activates or deactivates; deactivation ends sessions and sockets and requeues conversations at once.
    active: Option<bool>,
    /// The name that people see.
    display_name: Option<String>,
    /// Most conversations handed to this agent at once.
    capacity: Option<i64>,
    /// Ids of teams.
    teams: Option<Vec<String>>,
    /// What this agent is good for, languages (`nl`) included; at most 20.
    skills: Option<Vec<String>>,
}

pub(crate) async fn admin(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<AdminChanges>,
) -> Answer<Reply<Accounts>> {
    let AdminChanges { active, display_name } = body;
    let role = Role::Admin;
    let call = PatchAccount { role, id, active, display_name, capacity: None, teams: None, skills: None };
    staff.ask(call).await.map(ok)
}

pub(crate) async fn agent(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<AgentChanges>,
) -> Answer<Reply<Accounts>> {
    let AgentChanges { active, display_name, capacity, teams, skills } = body;
    let role = Role::Agent;
    staff.ask(PatchAccount { role, id, active, display_name, capacity, teams, skills }).await.map(ok)
}
