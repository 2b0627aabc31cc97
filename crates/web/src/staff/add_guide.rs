//! `POST /guides`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::guide::{AddGuide, OneGuide};
use utoipa::ToSchema;

/// A new guide.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewGuideBody {
    /// The automation's name: 1 to 26 of `[a-z0-9_-]`.
    name: String,
    /// What people read.
    title: String,
    /// An exported guide to begin with; otherwise it is the greeter.
    file: Option<String>,
    /// The team that the greeter hands over to.
    team: Option<String>,
}

pub(crate) async fn add_guide(staff: Staff, Json(body): Json<NewGuideBody>) -> Answer<Reply<OneGuide>> {
    let NewGuideBody { name, title, file, team } = body;
    Ok(created(staff.ask(AddGuide { name, title, file, team }).await?, false))
}
