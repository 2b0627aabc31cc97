//! `POST /automations`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::hook::{AddHook, HookSecret};
use utoipa::ToSchema;

/// An automation that is reached over HTTPS.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewHookBody {
    /// Its name: 1 to 26 of `a-z 0-9 _ -`, taken by no automation.
    name: String,
    /// What people read: 1 to 80 characters.
    title: String,
    /// What it does, in a sentence: at most 500 characters.
    #[serde(default)]
    description: String,
    /// Where turns are sent.
    url: String,
}

pub(crate) async fn add_hook(staff: Staff, Json(body): Json<NewHookBody>) -> Answer<Reply<HookSecret>> {
    let NewHookBody { name, title, description, url } = body;
    Ok(created(staff.ask(AddHook { name, title, description, url }).await?, false))
}
