//! `GET /presence`

use crate::http::body::{Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::agent::{GetPresence, OnePresence};

pub(crate) async fn get_presence(staff: Staff) -> Answer<Reply<OnePresence>> {
    staff.ask(GetPresence {}).await.map(ok)
}
