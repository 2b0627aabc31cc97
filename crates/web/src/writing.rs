//! Writing a message or note over HTTP; sockets have their own way, to the same lanes.

use crate::edge::Edge;
use crate::http::body::{Reply, created};
use crate::http::problem::{Answer, Refused};
use serde::Deserialize;
use serde_json::value::RawValue;
use switchboard_wire::call::append::{Append, AppendKind};
use switchboard_wire::{Credential, Problem};
use utoipa::ToSchema;

/// A message or note.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MessageBody {
    /// 16 to 64 characters of `A-Z`, `a-z`, `0-9`, `-` and `_`, made by the client, the same on every retry.
    client_msg_id: String,
    /// What it says.
    body: SaidBody,
}

/// What a message or note says: words, files, or both.
#[derive(Deserialize, ToSchema)]
pub(crate) struct SaidBody {
    /// 1 to 8,000 characters after trimming; may be missing or blank when there are files.
    text: Option<String>,
    /// Ids of files uploaded into this conversation and not sent yet, at most 5.
    #[serde(default)]
    files: Vec<String>,
}

/// What a first message says.
#[derive(Deserialize, ToSchema)]
pub(crate) struct TextBody {
    /// 1 to 8,000 characters after trimming.
    pub(crate) text: String,
}

/// Appends it and answers the entry: 201, or 200 when it was stored by an earlier try.
pub(crate) async fn write(
    edge: &Edge,
    by: &Credential,
    kind: AppendKind,
    conversation: String,
    body: MessageBody,
) -> Answer<Reply<Box<RawValue>>> {
    edge.admit_message(by)?;
    let MessageBody { client_msg_id, body: SaidBody { text, files } } = body;
    if text.is_none() && files.is_empty() {
        return Err(Refused::new(Problem::BadRequest, "the body does not fit: give body.text"));
    }
    let text = text.unwrap_or_default();
    let append = Append { by: by.clone(), conversation, kind, client_msg_id, text, files, want_entry: true };
    let appended = edge.appends.append(append).await?;
    let entry = appended.entry.ok_or_else(|| {
        Refused::new(Problem::Internal, "it is stored, but did not come back; load the conversation again")
    })?;
    Ok(created(entry, appended.repeated))
}
