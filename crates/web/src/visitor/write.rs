//! `POST /visitor/conversations/{id}/messages`

use crate::http::body::{Json, Name, Reply};
use crate::http::problem::Answer;
use crate::http::speaker::Visitor;
use crate::writing::{MessageBody, write};
use serde_json::value::RawValue;
use switchboard_wire::call::append::AppendKind;

pub(crate) async fn message(
    visitor: Visitor,
    Name(id): Name,
    Json(body): Json<MessageBody>,
) -> Answer<Reply<Box<RawValue>>> {
    write(visitor.edge(), visitor.credential(), AppendKind::Message, id, body).await
}
