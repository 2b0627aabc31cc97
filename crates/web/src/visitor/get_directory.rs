//! `GET /visitor/directory`

use crate::http::body::{Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Anyone;
use switchboard_wire::Credential;
use switchboard_wire::call::visitor::GetVisitorDirectory;
use switchboard_wire::view::VisitorDirectory;

/// The same for everybody, so nobody's token is looked at.
pub(crate) async fn get_directory(anyone: Anyone) -> Answer<Reply<VisitorDirectory>> {
    Ok(ok(anyone.edge.ask(Credential::Nobody, GetVisitorDirectory {}).await?))
}
