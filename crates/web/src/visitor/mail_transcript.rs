//! `POST /visitor/conversations/{id}/transcript/mail`

use crate::http::body::{Json, Name};
use crate::http::problem::Answer;
use crate::http::speaker::{Anyone, Visitor};
use http::StatusCode;
use serde::Deserialize;
use switchboard_wire::call::mail::MailTranscript;
use utoipa::ToSchema;

/// How times are written.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MailTranscriptBody {
    /// The time zone in which times are written, such as `Europe/Berlin`; UTC when absent.
    zone: Option<String>,
}

pub(crate) async fn mail_transcript(
    visitor: Visitor,
    Anyone { address, .. }: Anyone,
    Name(id): Name,
    Json(body): Json<MailTranscriptBody>,
) -> Answer<StatusCode> {
    visitor.edge().admit_message(visitor.credential())?;
    visitor.edge().admit_transcript(address)?;
    visitor.ask(MailTranscript { id, zone: body.zone }).await?;
    Ok(StatusCode::NO_CONTENT)
}
