//! `POST /visitor/conversations/{id}/rating`

use crate::http::body::{Json, Name};
use crate::http::problem::Answer;
use crate::http::speaker::Visitor;
use http::StatusCode;
use serde::Deserialize;
use switchboard_wire::call::conversation::Rate;
use utoipa::ToSchema;

/// How it was.
#[derive(Deserialize, ToSchema)]
pub(crate) struct RatingBody {
    /// 1 to 5.
    score: i64,
    /// In the visitor's words.
    comment: Option<String>,
}

pub(crate) async fn rate(
    visitor: Visitor,
    Name(id): Name,
    Json(body): Json<RatingBody>,
) -> Answer<StatusCode> {
    visitor.edge().admit_message(visitor.credential())?;
    visitor.ask(Rate { id, score: body.score, comment: body.comment }).await?;
    Ok(StatusCode::NO_CONTENT)
}
