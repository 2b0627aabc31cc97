//! `GET /articles/{id}`

use crate::http::body::{Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::article::{GetArticle, OneArticle};

pub(crate) async fn get_article(staff: Staff, Name(id): Name) -> Answer<Reply<OneArticle>> {
    staff.ask(GetArticle { id }).await.map(ok)
}
