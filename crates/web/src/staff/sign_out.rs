//! `DELETE /session`

use crate::http::cookie;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use switchboard_wire::call::session::SignOut;

pub(crate) async fn sign_out(staff: Staff) -> Answer<Response> {
    staff.ask(SignOut {}).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = cookie::clear(staff.edge().is_https()) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}
