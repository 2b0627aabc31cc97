//! One automation behind a web hook.

use crate::limits::{BODY_BYTES, EXCERPT_CHARS, MARGIN};
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use std::sync::Arc;
use std::time::Duration;
use switchboard_domain::Clock;
use switchboard_outbound::{Client, Failure, Request, Target, sign};
use switchboard_sdk::{Automation, TurnError, TurnReply, TurnRequest, Working};
use switchboard_wire::call::hook::HookSpec;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An automation whose turns are answered by somebody's server.
pub(crate) struct Hook {
    pub(crate) spec: HookSpec,
    pub(crate) client: Client,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Automation for Hook {
    fn name(&self) -> &str {
        &self.spec.name
    }

    fn title(&self) -> &str {
        &self.spec.title
    }

    fn description(&self) -> &str {
        &self.spec.description
    }

    async fn turn(&self, turn: TurnRequest, _: &Working) -> Result<TurnReply, TurnError> {
        let target: Target = self.spec.url.parse().map_err(said)?;
        let body = serde_json::to_vec(&turn).map_err(|error| TurnError::failed(error.to_string()))?;
        if body.len() > BODY_BYTES {
            return Err(TurnError::failed("the turn is too long for a web hook"));
        }
        let within = Duration::from_millis(turn.deadline_ms.max(1).unsigned_abs()).saturating_sub(MARGIN);
        let headers = self.headers(&turn.turn, &body)?;
        let request = Request { method: Method::POST, headers, body: Bytes::from(body), within };
        let answer = self.client.send(&target, request).await.map_err(said)?;
        read(answer.status, &answer.body)
    }
}

impl Hook {
    /// Signed with every secret that is good; the id is the turn's, so that a receiver knows a turn that comes again.
    fn headers(&self, turn: &str, body: &[u8]) -> Result<HeaderMap, TurnError> {
        let timestamp = self.clock.now().div_euclid(1_000);
        let signed = sign::signatures(&self.spec.secrets, turn, timestamp, body);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, JSON);
        headers.insert(ACCEPT, JSON);
        for (name, value) in
            [(sign::ID, turn.to_owned()), (sign::TIMESTAMP, timestamp.to_string()), (sign::SIGNATURE, signed)]
        {
            let value = HeaderValue::try_from(value).map_err(|_| TurnError::failed("it cannot be signed"))?;
            headers.insert(HeaderName::from_static(name), value);
        }
        Ok(headers)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err gives")]
fn said(failure: Failure) -> TurnError {
    TurnError::failed(format!("web hook: {failure}"))
}

/// A reply, or what an admin should know about the answer.
fn read(status: StatusCode, body: &[u8]) -> Result<TurnReply, TurnError> {
    if status.is_redirection() {
        return Err(TurnError::failed(format!("web hook: answered {status}; redirects are not followed")));
    }
    if status != StatusCode::OK {
        return Err(TurnError::failed(format!("web hook: answered {status} instead of 200")));
    }
    serde_json::from_slice(body).map_err(|error| {
        let text = String::from_utf8_lossy(body);
        let excerpt: String = text.chars().filter(|c| !c.is_control()).take(EXCERPT_CHARS).collect();
        TurnError::failed(format!("web hook: the answer is no reply ({error}): {excerpt}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_reply_or_says_what_is_wrong() {
        let reply = read(StatusCode::OK, br#"{"messages": [{"text": "hi"}], "then": "wait"}"#).unwrap();
        assert_eq!(reply.messages[0].text, "hi");
        let wrong = |status: u16, body: &str| {
            read(StatusCode::from_u16(status).unwrap(), body.as_bytes()).unwrap_err().detail
        };
        assert!(wrong(302, "").contains("redirects are not followed"));
        assert!(wrong(500, "secret").contains("500") && !wrong(500, "secret").contains("secret"));
        assert!(wrong(204, "").contains("204"));
        let page = wrong(200, &format!("<html>\n{}", "x".repeat(5_000)));
        assert!(page.contains("<html>x") && page.len() < 400, "{page}");
    }
}
