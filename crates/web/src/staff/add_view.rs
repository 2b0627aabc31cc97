//! `POST /views`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::saved_view::{AddView, OneView};
use switchboard_wire::view::ViewFilter;
use utoipa::ToSchema;

/// A list of conversations to be saved.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewViewBody {
    /// Its name, 1 to 80 characters.
    name: String,
    /// `own`, for oneself, or `all`, for every agent.
    scope: String,
    /// What it shows.
    filter: ViewFilter,
}

pub(crate) async fn add_view(staff: Staff, Json(body): Json<NewViewBody>) -> Answer<Reply<OneView>> {
    let NewViewBody { name, scope, filter } = body;
    Ok(created(staff.ask(AddView { name, scope, filter }).await?, false))
}
