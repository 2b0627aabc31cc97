//! `POST /conversations/{id}/transfer`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::conversation::{Transfer, TransferTo};
use switchboard_wire::view::Conversation;
use utoipa::ToSchema;

/// To whom, as of which state.
#[derive(Deserialize, ToSchema)]
pub(crate) struct TransferBody {
    /// The conversation's fence as last seen.
    fence: i64,
    /// `{agent: ID}`, `{team: ID}` or `{automation: NAME}`.
    to: TransferTo,
    /// Becomes a note.
    note: Option<String>,
}

pub(crate) async fn transfer(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<TransferBody>,
) -> Answer<Reply<Conversation>> {
    let TransferBody { fence, to, note } = body;
    staff.ask(Transfer { id, fence, to, note }).await.map(ok)
}
