//! `PATCH /teams/{id}`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::team::{OneTeam, PatchTeam};
use switchboard_wire::view::TeamRules;
use utoipa::ToSchema;

/// Changes to a team; absent fields stay.
#[derive(Deserialize, ToSchema)]
pub(crate) struct TeamChanges {
    /// Its name.
    name: Option<String>,
    /// Seconds within which an agent must answer an assigned conversation.
    answer_s: Option<i64>,
    /// Hours, skills and help, replaced as a whole.
    rules: Option<TeamRules>,
}

pub(crate) async fn patch_team(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<TeamChanges>,
) -> Answer<Reply<OneTeam>> {
    staff.ask(PatchTeam { id, name: body.name, answer_s: body.answer_s, rules: body.rules }).await.map(ok)
}
