//! `POST /conversations/{id}/whisper`

use crate::http::body::{Json, Name, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::writing::TextBody;
use serde::Deserialize;
use serde_json::value::RawValue;
use switchboard_wire::call::watch::Whisper;
use utoipa::ToSchema;

/// A supervisor's private note.
#[derive(Deserialize, ToSchema)]
pub(crate) struct WhisperBody {
    /// 16 to 64 characters of `A-Z`, `a-z`, `0-9`, `-` and `_`, made by the client, the same on every retry.
    client_msg_id: String,
    /// What it says.
    body: TextBody,
}

pub(crate) async fn whisper(
    staff: Staff,
    Name(id): Name,
    Json(said): Json<WhisperBody>,
) -> Answer<Reply<Box<RawValue>>> {
    staff.edge().admit_message(staff.credential())?;
    let call = Whisper { id, client_msg_id: said.client_msg_id, text: said.body.text };
    let whispered = staff.ask(call).await?;
    Ok(created(whispered.entry, whispered.repeated))
}
