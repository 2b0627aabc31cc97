//! `DELETE /articles/{id}`

use crate::http::body::Name;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use http::StatusCode;
use switchboard_wire::call::article::DeleteArticle;

pub(crate) async fn delete_article(staff: Staff, Name(id): Name) -> Answer<StatusCode> {
    staff.ask(DeleteArticle { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
