//! `POST /conversations/{id}/ban`

use crate::http::body::{Json, Name, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::ban::{BanVisitor, OneBan};
use utoipa::ToSchema;

/// For how long, and why.
#[derive(Deserialize, ToSchema)]
pub(crate) struct BanBody {
    /// For how long: `1h`, `1d`, `7d`, `30d` or `forever`.
    #[serde(rename = "for")]
    term: String,
    /// Why; at most 500 characters. The visitor is not told.
    reason: Option<String>,
}

pub(crate) async fn ban_visitor(
    staff: Staff,
    Name(conversation): Name,
    Json(body): Json<BanBody>,
) -> Answer<Reply<OneBan>> {
    let BanBody { term, reason } = body;
    Ok(created(staff.ask(BanVisitor { conversation, term, reason }).await?, false))
}
