//! `PUT /presence`

use crate::http::body::{Json, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::agent::{OnePresence, PutPresence};

pub(crate) async fn put_presence(staff: Staff, Json(body): Json<OnePresence>) -> Answer<Reply<OnePresence>> {
    staff.ask(PutPresence { status: body.status }).await.map(ok)
}
