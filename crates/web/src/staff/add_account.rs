//! `POST /admins` and `POST /agents`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_domain::Role;
use switchboard_wire::call::account::AddAccount;
use switchboard_wire::view::NewAccount;
use utoipa::ToSchema;

/// A new admin.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewAdminBody {
    /// 2 to 64 of `a-z`, `0-9`, `.`, `_` and `-`; nobody else of any role may have it.
    username: String,
    /// The name that people see; the username when absent.
    display_name: Option<String>,
}

/// A new agent.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewAgentBody {
    /// 2 to 64 of `a-z`, `0-9`, `.`, `_` and `-`; nobody else of any role may have it.
    username: String,
    /// The name that people see; the username when absent.
    display_name: Option<String>,
    /// Most conversations handed to this agent at once; 4 when absent.
    capacity: Option<i64>,
    /// Ids of teams.
    teams: Option<Vec<String>>,
    /// What this agent is good for, languages (`nl`) included; at most 20.
    skills: Option<Vec<String>>,
}

pub(crate) async fn admin(staff: Staff, Json(body): Json<NewAdminBody>) -> Answer<Reply<NewAccount>> {
    let NewAdminBody { username, display_name } = body;
    let role = Role::Admin;
    let call = AddAccount { role, username, display_name, capacity: None, teams: None, skills: None };
    Ok(created(staff.ask(call).await?, false))
}

pub(crate) async fn agent(staff: Staff, Json(body): Json<NewAgentBody>) -> Answer<Reply<NewAccount>> {
    let NewAgentBody { username, display_name, capacity, teams, skills } = body;
    let call = AddAccount { role: Role::Agent, username, display_name, capacity, teams, skills };
    Ok(created(staff.ask(call).await?, false))
}
