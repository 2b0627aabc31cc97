//! `GET /session`

use crate::http::body::{Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::session::GetSession;
use switchboard_wire::view::Accounts;

pub(crate) async fn get_session(staff: Staff) -> Answer<Reply<Accounts>> {
    staff.ask(GetSession {}).await.map(ok)
}
