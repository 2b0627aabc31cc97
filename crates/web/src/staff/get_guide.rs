//! `GET /guides/{name}`

use crate::http::body::{Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::guide::{GetGuide, OneGuide};

pub(crate) async fn get_guide(staff: Staff, Name(name): Name) -> Answer<Reply<OneGuide>> {
    staff.ask(GetGuide { name }).await.map(ok)
}
