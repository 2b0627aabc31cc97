//! An answer whose body is read piece by piece.

use crate::client::Attended;
use crate::failure::Failure;
use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};

/// What came back, its body still on its way. Dropping it ends the connection.
#[derive(Debug)]
pub struct Opened {
    /// How it went there.
    pub status: StatusCode,
    /// With these headers.
    pub headers: HeaderMap,
    body: Incoming,
    most: usize,
    left: usize,
    ends: Instant,
    _held: (Attended, [OwnedSemaphorePermit; 2]),
}

impl Opened {
    pub(crate) fn new(
        answer: Response<Incoming>,
        most: usize,
        ends: Instant,
        held: (Attended, [OwnedSemaphorePermit; 2]),
    ) -> Self {
        let (head, body) = answer.into_parts();
        Self { status: head.status, headers: head.headers, body, most, left: most, ends, _held: held }
    }

    /// The next piece; none at the end.
    ///
    /// # Errors
    /// [`Failure::Broken`], [`Failure::TooLong`], [`Failure::Late`].
    pub async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            let frame = timeout_at(self.ends, self.body.frame()).await.map_err(|_| Failure::Late)?;
            let Some(frame) = frame else { return Ok(None) };
            let frame = frame.map_err(|error| Failure::Broken(error.to_string()))?;
            // Trailers say nothing to us.
            let Ok(piece) = frame.into_data() else { continue };
            self.left = self.left.checked_sub(piece.len()).ok_or(Failure::TooLong(self.most))?;
            return Ok(Some(piece));
        }
    }
}
