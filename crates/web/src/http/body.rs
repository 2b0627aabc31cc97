//! JSON bodies, queries and names in paths: what does not fit is refused in our own words.

use super::problem::Refused;
use crate::limits::BODY_DEADLINE;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query as AxumQuery, Request};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::Serialize;
use serde::de::DeserializeOwned;
use switchboard_domain::limits::BODY_BYTES;
use switchboard_wire::{Failure, Problem};
use tokio::time::timeout;

/// A body of JSON, at most [`BODY_BYTES`] long and here within [`BODY_DEADLINE`].
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        serde_json::from_slice(&read(request).await?).map(Self).map_err(|error| {
            Refused(Failure::new(Problem::BadRequest, format!("the body does not fit: {error}")))
        })
    }
}

/// The bytes of a body of JSON.
async fn read(request: Request) -> Result<Bytes, Refused> {
    if !is_json(request.headers()) {
        let detail = "send JSON, with the header Content-Type: application/json";
        return Err(Refused::new(Problem::UnsupportedMediaType, detail));
    }
    let reading = Limited::new(request.into_body(), BODY_BYTES).collect();
    match timeout(BODY_DEADLINE, reading).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if is_too_large(error.as_ref()) => {
            Err(Refused::new(Problem::TooLarge, "a body has at most 64 KiB"))
        }
        Ok(Err(_)) => Err(Refused::new(Problem::BadRequest, "the body did not arrive whole")),
        Err(_) => Err(Refused::new(Problem::BadRequest, "the body did not arrive in time")),
    }
}

/// The limit's own error, or any that it caused.
fn is_too_large(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| error.is::<LengthLimitError>())
}

/// `application/json` or `application/*+json`, with or without parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// JSON out, with a status.
pub(crate) struct Reply<T>(pub(crate) StatusCode, pub(crate) T);

/// 200 with JSON.
pub(crate) fn ok<T>(value: T) -> Reply<T> {
    Reply(StatusCode::OK, value)
}

/// 201 with JSON, or 200 for a repeat.
pub(crate) fn created<T>(value: T, repeated: bool) -> Reply<T> {
    Reply(if repeated { StatusCode::OK } else { StatusCode::CREATED }, value)
}

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.1) {
            Ok(body) => {
                let kind = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
                (self.0, [kind], body).into_response()
            }
            Err(error) => {
                tracing::error!(%error, "an answer cannot be written as JSON");
                Refused::new(Problem::Internal, "the answer could not be written; it is in the log")
                    .into_response()
            }
        }
    }
}

/// The query of the address.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        AxumQuery::try_from_uri(&parts.uri).map(|AxumQuery(query)| Self(query)).map_err(|error| {
            Refused(Failure::new(
                Problem::BadRequest,
                format!("the query does not fit: {}", error.body_text()),
            ))
        })
    }
}

/// The one id or name in the path.
pub(crate) struct Name(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        path(parts).await.map(Self)
    }
}

/// The two ids in the path.
pub(crate) struct Names(pub(crate) (String, String));

impl<S: Send + Sync> FromRequestParts<S> for Names {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        path(parts).await.map(Self)
    }
}

async fn path<T: DeserializeOwned + Send>(parts: &mut Parts) -> Result<T, Refused> {
    let Path(path) = Path::from_request_parts(parts, &())
        .await
        .map_err(|_| Refused::new(Problem::NotFound, "the address cannot be read"))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use serde_json::Value;

    async fn read_as(kind: Option<&str>, body: Body) -> Result<Value, Problem> {
        let mut request = Request::new(body);
        if let Some(kind) = kind {
            request.headers_mut().insert(CONTENT_TYPE, kind.parse().unwrap());
        }
        Json::from_request(request, &()).await.map(|Json(value)| value).map_err(|refused| refused.0.problem)
    }

    #[tokio::test]
    async fn only_json_is_read() {
        let json = "application/json; charset=utf-8";
        assert_eq!(read_as(Some(json), Body::from("{}")).await, Ok(serde_json::json!({})));
        assert!(read_as(Some("application/merge-patch+json"), Body::from("1")).await.is_ok());
        for kind in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("json")] {
            assert_eq!(read_as(kind, Body::from("{}")).await, Err(Problem::UnsupportedMediaType), "{kind:?}");
        }
        for broken in ["", "{", "{}{}", "\u{0}"] {
            assert_eq!(read_as(Some(json), Body::from(broken)).await, Err(Problem::BadRequest), "{broken:?}");
        }
    }

    #[tokio::test]
    async fn size_and_depth_are_bounded() {
        let json = Some("application/json");
        let text = |n: usize| Body::from(format!("\"{}\"", "x".repeat(n - 2)));
        assert!(read_as(json, text(BODY_BYTES)).await.is_ok());
        assert_eq!(read_as(json, text(BODY_BYTES + 1)).await, Err(Problem::TooLarge));
        let deep = Body::from("[".repeat(10_000));
        assert_eq!(read_as(json, deep).await, Err(Problem::BadRequest));
    }
}
