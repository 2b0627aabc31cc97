//! `POST /automations/{name}/hook/test`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::hook::{HookTrial, TryHook};
use utoipa::ToSchema;

/// What a visitor would say.
#[derive(Deserialize, ToSchema)]
pub(crate) struct TryHookBody {
    /// 1 to 8,000 characters.
    text: String,
}

pub(crate) async fn try_hook(
    staff: Staff,
    Name(name): Name,
    Json(body): Json<TryHookBody>,
) -> Answer<Reply<HookTrial>> {
    staff.ask(TryHook { name, text: body.text }).await.map(ok)
}
