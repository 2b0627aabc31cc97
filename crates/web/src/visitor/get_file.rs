//! `GET /visitor/conversations/{id}/files/{file}`

use crate::files::give::give;
use crate::http::body::Names;
use crate::http::problem::Answer;
use crate::http::speaker::{Anyone, Visitor};
use axum::response::Response;

pub(crate) async fn get_file(
    visitor: Visitor,
    Anyone { address, .. }: Anyone,
    Names(names): Names,
) -> Answer<Response> {
    let own = visitor.edge().download_of(address)?;
    give(visitor.shared(), visitor.credential().clone(), Some(own), names).await
}
