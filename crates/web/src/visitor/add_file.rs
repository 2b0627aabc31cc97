//! `POST /visitor/conversations/{id}/files`

use crate::files::take::{NameQuery, take};
use crate::http::body::{Name, Query, Reply};
use crate::http::problem::Answer;
use crate::http::speaker::Visitor;
use axum::extract::Request;
use switchboard_wire::call::file::OneFile;

pub(crate) async fn add_file(
    visitor: Visitor,
    Name(id): Name,
    Query(query): Query<NameQuery>,
    request: Request,
) -> Answer<Reply<OneFile>> {
    take(visitor.edge(), visitor.credential(), id, query, request).await
}
