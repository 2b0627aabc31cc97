//! `POST /visitor/conversations/{id}/files`

use crate::files::take::{NameQuery, take};
use crate::http::body::{Name, Query, Reply};
use crate::http::problem::Answer;
use crate::http::speaker::{Anyone, Visitor};
use axum::extract::Request;
use switchboard_wire::call::file::OneFile;

pub(crate) async fn add_file(
    visitor: Visitor,
    Anyone { address, .. }: Anyone,
    Name(id): Name,
    Query(query): Query<NameQuery>,
    request: Request,
) -> Answer<Reply<OneFile>> {
    take(visitor.edge(), visitor.credential(), address, id, query, request).await
}
