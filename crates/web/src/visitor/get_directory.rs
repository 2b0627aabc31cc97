//! `GET /visitor/directory`

use crate::http::body::{Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Visitor;
use switchboard_wire::call::visitor::GetVisitorDirectory;
use switchboard_wire::view::VisitorDirectory;

pub(crate) async fn get_directory(visitor: Visitor) -> Answer<Reply<VisitorDirectory>> {
    visitor.ask(GetVisitorDirectory {}).await.map(ok)
}
