//! `POST /session`

use crate::http::body::{Json, ok};
use crate::http::cookie;
use crate::http::problem::{Answer, Refused};
use crate::http::speaker::OwnPage;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{SET_COOKIE, USER_AGENT};
use serde::Deserialize;
use switchboard_domain::Secret;
use switchboard_wire::call::session::SignIn;
use switchboard_wire::{Credential, Problem};
use utoipa::ToSchema;

/// Longest name of a browser that is kept, in characters.
const BROWSER_CHARS: usize = 200;

/// Who signs in.
#[derive(Deserialize, ToSchema)]
pub(crate) struct SignInBody {
    /// The name.
    username: String,
    /// The password.
    password: String,
}

/// Makes the session's secret here; only its hash leaves this node, and the secret itself only to the browser.
pub(crate) async fn sign_in(
    page: OwnPage,
    headers: HeaderMap,
    Json(body): Json<SignInBody>,
) -> Answer<Response> {
    let browser = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
    let secret = Secret::new(&*page.edge.rng);
    let call = SignIn {
        username: body.username,
        password: body.password,
        token_hash: secret.hash(),
        address: Some(page.address.to_string()),
        agent: browser.map(|text| text.chars().take(BROWSER_CHARS).collect()),
    };
    let account = page.edge.ask(Credential::Nobody, call).await?;
    let cookie = cookie::set(secret.expose(), page.edge.is_https())
        .ok_or_else(|| Refused::new(Problem::Internal, "the session could not be handed over"))?;
    Ok(([(SET_COOKIE, cookie)], ok(account)).into_response())
}
