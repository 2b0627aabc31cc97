//! `GET /account/sessions`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::cut;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::Paging;
use switchboard_wire::call::session::ListSessions;
use switchboard_wire::view::{Page, Session};

pub(crate) async fn list_sessions(staff: Staff, Query(page): Query<Paging>) -> Answer<Reply<Page<Session>>> {
    let all = staff.ask(ListSessions {}).await?.items;
    Ok(ok(cut("sessions", all, page.limit, page.cursor)?))
}
