//! `POST /bans`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::ban::{AddBan, OneBan};
use utoipa::ToSchema;

/// Whom to ban: exactly one of `visitor`, `email` and `address`.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewBanBody {
    /// A visitor's id.
    visitor: Option<String>,
    /// An e-mail address; whoever gives it is banned.
    email: Option<String>,
    /// An IPv4 address, or an IPv6 address, of which the network of 64 bits is banned.
    address: Option<String>,
    /// For how long: `1h`, `1d`, `7d`, `30d` or `forever`.
    #[serde(rename = "for")]
    term: String,
    /// Why; at most 500 characters. Visitors are not told.
    reason: Option<String>,
}

pub(crate) async fn add_ban(staff: Staff, Json(body): Json<NewBanBody>) -> Answer<Reply<OneBan>> {
    let NewBanBody { visitor, email, address, term, reason } = body;
    Ok(created(staff.ask(AddBan { visitor, email, address, term, reason }).await?, false))
}
