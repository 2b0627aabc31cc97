//! `GET /identity/keys`

use crate::http::body::{Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::identity::ListIdentityKeys;
use switchboard_wire::view::{IdentityKey, Page};

pub(crate) async fn list_identity_keys(staff: Staff) -> Answer<Reply<Page<IdentityKey>>> {
    Ok(ok(staff.ask(ListIdentityKeys {}).await?))
}
