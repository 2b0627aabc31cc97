//! `POST /admins/{id}/password` and `POST /agents/{id}/password`

use crate::http::body::{Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_domain::Role;
use switchboard_wire::call::account::{InitialPassword, ResetPassword};

pub(crate) async fn admin(staff: Staff, Name(id): Name) -> Answer<Reply<InitialPassword>> {
    staff.ask(ResetPassword { role: Role::Admin, id }).await.map(ok)
}

pub(crate) async fn agent(staff: Staff, Name(id): Name) -> Answer<Reply<InitialPassword>> {
    staff.ask(ResetPassword { role: Role::Agent, id }).await.map(ok)
}
