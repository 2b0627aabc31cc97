//! `GET /account/sessions`

use crate::http::body::{Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::session::ListSessions;
use switchboard_wire::view::{Page, Session};

pub(crate) async fn list_sessions(staff: Staff) -> Answer<Reply<Page<Session>>> {
    staff.ask(ListSessions {}).await.map(ok)
}
