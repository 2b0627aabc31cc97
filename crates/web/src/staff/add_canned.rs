//! `POST /canned`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::canned::{AddCanned, OneCanned};
use utoipa::ToSchema;

/// A new canned reply.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewCannedBody {
    /// What is typed behind `/` to find it: 1 to 32 of `[a-z0-9._-]`.
    shortcut: String,
    /// The text, 1 to 8,000 characters; `{{visitor.name}}`, `{{visitor.first_name}}`, `{{visitor.email}}`,
    /// `{{agent.name}}` and `{{agent.first_name}}` are put in by the composer, with what stands behind a `|` where
    /// nothing is known.
    text: String,
    /// `own` for agents; `all` or `team` for admins.
    scope: String,
    /// The team's id, when it is to be a team's.
    team: Option<String>,
}

pub(crate) async fn add_canned(staff: Staff, Json(body): Json<NewCannedBody>) -> Answer<Reply<OneCanned>> {
    let NewCannedBody { shortcut, text, scope, team } = body;
    Ok(created(staff.ask(AddCanned { shortcut, text, scope, team }).await?, false))
}
