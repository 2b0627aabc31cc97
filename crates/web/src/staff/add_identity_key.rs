//! `POST /identity/keys`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::identity::AddIdentityKey;
use switchboard_wire::view::NewIdentityKey;
use utoipa::ToSchema;

/// A new key.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewIdentityKeyBody {
    /// What people call it; at most 80 characters.
    name: String,
}

pub(crate) async fn add_identity_key(
    staff: Staff,
    Json(body): Json<NewIdentityKeyBody>,
) -> Answer<Reply<NewIdentityKey>> {
    Ok(created(staff.ask(AddIdentityKey { name: body.name }).await?, false))
}
