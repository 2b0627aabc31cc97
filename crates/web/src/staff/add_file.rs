//! `POST /conversations/{id}/files`

use crate::files::take::{NameQuery, take};
use crate::http::body::{Name, Query, Reply};
use crate::http::problem::Answer;
use crate::http::speaker::{Anyone, Staff};
use axum::extract::Request;
use switchboard_wire::call::file::OneFile;

pub(crate) async fn add_file(
    staff: Staff,
    Anyone { address, .. }: Anyone,
    Name(id): Name,
    Query(query): Query<NameQuery>,
    request: Request,
) -> Answer<Reply<OneFile>> {
    take(staff.edge(), staff.credential(), address, id, query, request).await
}
