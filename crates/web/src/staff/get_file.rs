//! `GET /conversations/{id}/files/{file}`

use crate::files::give::give;
use crate::http::body::Names;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use axum::response::Response;

pub(crate) async fn get_file(staff: Staff, Names(names): Names) -> Answer<Response> {
    give(staff.shared(), staff.credential().clone(), None, names).await
}
