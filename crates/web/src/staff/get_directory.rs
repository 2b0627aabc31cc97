//! `GET /directory`

use crate::http::body::{Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::agent::GetDirectory;
use switchboard_wire::view::Directory;

pub(crate) async fn get_directory(staff: Staff) -> Answer<Reply<Directory>> {
    staff.ask(GetDirectory {}).await.map(ok)
}
