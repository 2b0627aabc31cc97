//! The opening handshake (RFC 6455, 4.2): what a request must say, and the answer.

use super::channel::Channel;
use crate::http::problem::{Answer, Refused};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{
    CONNECTION, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION,
    UPGRADE,
};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use hyper::upgrade::OnUpgrade;
use switchboard_wire::Problem;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// A request that asks for a WebSocket as it should.
pub(super) struct Handshake {
    accept: HeaderValue,
    upgraded: OnUpgrade,
}

impl Handshake {
    /// Reads the request.
    pub(super) fn read(parts: &mut Parts) -> Answer<Self> {
        let headers = &parts.headers;
        let asks = has(headers, &CONNECTION, "upgrade") && has(headers, &UPGRADE, "websocket");
        let version = headers.get(SEC_WEBSOCKET_VERSION).is_some_and(|version| version == "13");
        let key = headers.get(SEC_WEBSOCKET_KEY).filter(|_| asks && version);
        let accept = key.and_then(|key| HeaderValue::from_str(&derive_accept_key(key.as_bytes())).ok());
        let upgraded = parts.extensions.remove::<OnUpgrade>();
        let (Some(accept), Some(upgraded)) = (accept, upgraded) else {
            let detail = "open a WebSocket (version 13, HTTP/1.1) here; this request does not ask for one";
            return Err(Refused::new(Problem::BadRequest, detail));
        };
        Ok(Self { accept, upgraded })
    }

    /// Answers it, and begins `task` once the connection has changed hands.
    pub(super) fn accept<F>(self, task: impl FnOnce(Channel) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let upgraded = self.upgraded;
        tokio::spawn(async move {
            match upgraded.await {
                Ok(upgraded) => task(Channel::new(upgraded).await).await,
                Err(error) => tracing::debug!(%error, "a connection broke while it changed hands"),
            }
        });
        let headers = [
            (CONNECTION, HeaderValue::from_static("upgrade")),
            (UPGRADE, HeaderValue::from_static("websocket")),
            (SEC_WEBSOCKET_ACCEPT, self.accept),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response()
    }
}

/// Whether a list in a header has this word.
fn has(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|item| item.trim().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_any_of_the_lists() {
        let mut headers = HeaderMap::new();
        headers.append(CONNECTION, "keep-alive".parse().unwrap());
        headers.append(CONNECTION, "close, Upgrade".parse().unwrap());
        assert!(has(&headers, &CONNECTION, "upgrade"));
        assert!(!has(&headers, &CONNECTION, "up") && !has(&headers, &UPGRADE, "websocket"));
    }
}
