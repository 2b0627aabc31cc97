//! A download: fetched from the dbmgr while it leaves. It can run no script, whatever is in it: it is never a page, only
//! what is surely a picture has a picture's type, and a browser that shows it all the same puts it into a sandbox.

use super::named::attachment;
use crate::edge::Shared;
use crate::http::problem::Answer;
use crate::limits::DOWNLOAD_WAIT;
use crate::per_address::Taken;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::HeaderValue;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use std::sync::Arc;
use switchboard_wire::call::file::{GetPiece, Piece};
use switchboard_wire::{Credential, Failure};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

/// For a file that is opened by itself.
const SANDBOX: &str = "sandbox; default-src 'none'";
/// A file never changes, but who may see it does.
const CACHED: &str = "private, max-age=3600, immutable";
/// What one has kept is not given to who comes after them in the same browser.
const WHOSE: &str = "authorization, cookie";

/// Gives a file of a conversation to whoever may see it. Each piece is asked for as if it were the first one. `own` is kept
/// until the end.
pub(crate) async fn give(
    edge: Shared,
    by: Credential,
    own: Option<Taken>,
    (conversation, file): (String, String),
) -> Answer<Response> {
    let place = timeout(DOWNLOAD_WAIT, Arc::clone(&edge.downloads).acquire_owned()).await;
    let Ok(Ok(place)) = place else {
        return Err(Failure::unavailable("many files are being fetched at this moment; try again").into());
    };
    let mut rest = Rest { edge, by, conversation, file, n: 0, left: 0, _own: own, _place: place };
    let Piece { file, data } = rest.ask().await?;
    rest.took(file.size, data.0.len());
    let first = stream::iter([Ok(data.0)]);
    let body = Body::from_stream(first.chain(stream::try_unfold(rest, Rest::next)));
    let kind =
        HeaderValue::try_from(file.kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (CONTENT_TYPE, kind),
        (CONTENT_LENGTH, HeaderValue::from(file.size)),
        (CONTENT_DISPOSITION, attachment(&file.name)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX)),
        (CACHE_CONTROL, HeaderValue::from_static(CACHED)),
        (VARY, HeaderValue::from_static(WHOSE)),
    ];
    Ok((headers, body).into_response())
}

/// What is still to come of a file.
struct Rest {
    edge: Shared,
    by: Credential,
    conversation: String,
    file: String,
    n: i64,
    /// In bytes.
    left: i64,
    _own: Option<Taken>,
    _place: OwnedSemaphorePermit,
}

impl Rest {
    async fn ask(&self) -> Result<Piece, Failure> {
        let piece = GetPiece { conversation: self.conversation.clone(), file: self.file.clone(), n: self.n };
        self.edge.ask(self.by.clone(), piece).await
    }

    fn took(&mut self, of: i64, bytes: usize) {
        self.n += 1;
        self.left = of - i64::try_from(bytes).unwrap_or(i64::MAX);
    }

    /// The next piece. An error ends the connection before its time, so that nobody takes a part for the whole.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, Failure> {
        if self.left <= 0 {
            return Ok(None);
        }
        let data = self.ask().await?.data.0;
        self.took(self.left, data.len());
        Ok(Some((data, self)))
    }
}
