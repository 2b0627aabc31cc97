//! `GET /visitor/conversations/{id}/files/{file}`

use crate::files::give::give;
use crate::http::body::Names;
use crate::http::problem::Answer;
use crate::http::speaker::Visitor;
use axum::response::Response;

pub(crate) async fn get_file(visitor: Visitor, Names(names): Names) -> Answer<Response> {
    give(visitor.shared(), visitor.credential().clone(), names).await
}
