//! `DELETE /identity/keys/{id}`

use crate::http::body::Name;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use http::StatusCode;
use switchboard_wire::call::identity::RevokeIdentityKey;

pub(crate) async fn revoke_identity_key(staff: Staff, Name(id): Name) -> Answer<StatusCode> {
    staff.ask(RevokeIdentityKey { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
