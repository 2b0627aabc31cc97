//! `POST /conversations/{id}/messages` and `POST /conversations/{id}/notes`

use crate::http::body::{Json, Name, Reply};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::writing::{MessageBody, write};
use serde_json::value::RawValue;
use switchboard_wire::call::append::AppendKind;

pub(crate) async fn message(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<MessageBody>,
) -> Answer<Reply<Box<RawValue>>> {
    write(staff.edge(), staff.credential(), AppendKind::Message, id, body).await
}

pub(crate) async fn note(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<MessageBody>,
) -> Answer<Reply<Box<RawValue>>> {
    write(staff.edge(), staff.credential(), AppendKind::Note, id, body).await
}
