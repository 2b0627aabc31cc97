//! `PATCH /automations/{name}/hook`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::automation::OneAutomation;
use switchboard_wire::call::hook::PatchHook;
use utoipa::ToSchema;

/// Changes to an automation that is reached over HTTPS; absent fields stay.
#[derive(Deserialize, ToSchema)]
pub(crate) struct HookChanges {
    /// What people read.
    title: Option<String>,
    /// What it does, in a sentence.
    description: Option<String>,
    /// Where turns are sent.
    url: Option<String>,
}

pub(crate) async fn patch_hook(
    staff: Staff,
    Name(name): Name,
    Json(body): Json<HookChanges>,
) -> Answer<Reply<OneAutomation>> {
    let HookChanges { title, description, url } = body;
    staff.ask(PatchHook { name, title, description, url }).await.map(ok)
}
