//! Every refusal as `application/problem+json` (RFC 9457).

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use std::collections::BTreeMap;
use switchboard_wire::{Failure, Problem};

/// What a handler answers when it refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused(pub(crate) Failure);

/// What a handler answers.
pub(crate) type Answer<T> = Result<T, Refused>;

/// The document.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct ProblemDocument {
    /// `/problems/NAME`: what went wrong, for programs.
    #[serde(rename = "type")]
    kind: String,
    /// What went wrong, in a few words that stay the same.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What to do about it.
    detail: String,
    /// Field → reason, where fields are at fault (422).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    errors: BTreeMap<String, String>,
}

impl Refused {
    pub(crate) fn new(problem: Problem, detail: &str) -> Self {
        Self(Failure::new(problem, detail))
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Failure { problem, detail, errors, retry_after_ms } = self.0;
        let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let document = ProblemDocument {
            kind: format!("/problems/{}", problem.name()),
            title: problem.title().into(),
            status: status.as_u16(),
            detail,
            errors,
        };
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(ms) = retry_after_ms {
            headers.insert(RETRY_AFTER, HeaderValue::from(whole_seconds(ms)));
        }
        // Text and a number: writing it cannot fail.
        (status, headers, serde_json::to_vec(&document).unwrap_or_default()).into_response()
    }
}

/// Milliseconds as the whole seconds of `Retry-After`: at least one, never too early.
fn whole_seconds(ms: u64) -> u64 {
    ms.div_ceil(1_000).max(1)
}

/// No route has this path.
pub(crate) async fn not_found() -> Refused {
    Refused::new(Problem::NotFound, "there is nothing at this address")
}

/// A route has this path, but not this method; `Allow` says which.
pub(crate) async fn method_not_allowed() -> Refused {
    Refused::new(Problem::MethodNotAllowed, "this address does not take this method; see Allow")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;

    #[tokio::test]
    async fn a_refusal_says_what_to_do_and_when() {
        let mut failure = Failure::invalid("username", "2 to 64 characters");
        failure.retry_after_ms = Some(1_001);
        let response = Refused(failure).into_response();
        assert_eq!(response.status(), 422);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        assert_eq!(response.headers()[RETRY_AFTER], "2");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "type": "/problems/invalid", "title": "Not acceptable", "status": 422,
                "detail": "username: 2 to 64 characters", "errors": {"username": "2 to 64 characters"}
            })
        );
    }

    #[test]
    fn nobody_is_asked_back_too_early() {
        assert_eq!([0, 1, 1_000, 1_001].map(whole_seconds), [1, 1, 1, 2]);
    }
}
