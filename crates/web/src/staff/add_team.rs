//! `POST /teams`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::team::{AddTeam, OneTeam};
use switchboard_wire::view::TeamRules;
use utoipa::ToSchema;

/// A new team.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewTeamBody {
    /// Its name.
    name: String,
    /// Seconds within which an agent must answer an assigned conversation; 60 when absent.
    answer_s: Option<i64>,
    /// Hours, skills and help; always there, and on its own, when absent.
    rules: Option<TeamRules>,
}

pub(crate) async fn add_team(staff: Staff, Json(body): Json<NewTeamBody>) -> Answer<Reply<OneTeam>> {
    let call = AddTeam { name: body.name, answer_s: body.answer_s, rules: body.rules };
    Ok(created(staff.ask(call).await?, false))
}
