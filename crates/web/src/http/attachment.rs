//! Text to be kept as a file, written piece by piece: a long one is nowhere whole, and a reader who takes it slowly
//! holds nothing but one piece.

use super::problem::{Answer, Refused};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, stream};
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use std::future::ready;
use std::io;

/// Comma-separated values.
pub(crate) const CSV: &str = "text/csv; charset=utf-8; header=present";
/// Plain text.
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";

/// A piece of a file, and where the next one begins.
pub(crate) type Piece<P> = (String, Option<P>);

/// A file on its way.
pub(crate) struct Attachment {
    kind: &'static str,
    name: String,
    body: Body,
}

impl Attachment {
    /// Begins with `first`, so that what is refused is refused before; `more` makes each piece behind it. When that fails
    /// the connection ends early, which tells the reader that the file is not whole.
    pub(crate) fn new<P, M, F>(kind: &'static str, name: String, first: Piece<P>, more: M) -> Self
    where
        P: Send + 'static,
        M: Fn(P) -> F + Send + 'static,
        F: Future<Output = Answer<Piece<P>>> + Send,
    {
        let (text, next) = first;
        let rest = stream::try_unfold((next, more), |(place, more)| async move {
            let Some(place) = place else { return Ok(None) };
            let cut_short = |Refused(failure)| {
                tracing::warn!(%failure, "a file could not be written to its end");
                io::Error::other(failure)
            };
            let (text, next) = more(place).await.map_err(cut_short)?;
            Ok(Some((text, (next, more))))
        });
        let pieces = stream::once(ready(Ok::<_, io::Error>(text))).chain(rest);
        Self { kind, name, body: Body::from_stream(pieces) }
    }
}

impl IntoResponse for Attachment {
    fn into_response(self) -> Response {
        let plain = |c: &char| c.is_ascii_alphanumeric() || ['-', '_', '.'].contains(c);
        let name: String = self.name.chars().filter(plain).collect();
        let place = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
        let place = place.unwrap_or(HeaderValue::from_static("attachment"));
        let kind = HeaderValue::from_static(self.kind);
        ([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, place)], self.body).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;
    use switchboard_wire::Problem;

    #[tokio::test]
    async fn pieces_come_in_order_under_a_safe_name() {
        let more = |n: i32| async move { Ok((format!("{n}\n"), (n < 3).then_some(n + 1))) };
        let file = Attachment::new(CSV, "a\"\r\n/b.csv".into(), ("0\n".into(), Some(1)), more);
        let response = file.into_response();
        assert_eq!(response.headers()[CONTENT_DISPOSITION], "attachment; filename=\"ab.csv\"");
        assert_eq!(response.headers()[CONTENT_TYPE], CSV);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, "0\n1\n2\n3\n");
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_completed_does_not_look_complete() {
        let more = |_: ()| async { Err(Refused::new(Problem::Unavailable, "away")) };
        let file = Attachment::new(TEXT, "a.txt".into(), ("0\n".into(), Some(())), more);
        assert!(file.into_response().into_body().collect().await.is_err());
    }
}
