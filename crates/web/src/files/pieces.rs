//! The body of an upload, cut into pieces as it arrives.

use crate::http::problem::Refused;
use crate::limits::{DRAIN_BYTES, DRAIN_PAUSE, DRAINED_WITHIN, PIECE_DEADLINE};
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use switchboard_domain::limits::FILE_CHUNK_BYTES;
use switchboard_wire::Problem;
use tokio::time::timeout;

/// What arrives, in pieces of [`FILE_CHUNK_BYTES`] but the last.
pub(crate) struct Pieces {
    body: Body,
    held: BytesMut,
}

impl Pieces {
    pub(crate) fn of(body: Body) -> Self {
        Self { body, held: BytesMut::new() }
    }

    /// The next piece, and whether it is the last one, which is known once there is something behind it.
    pub(crate) async fn next(&mut self) -> Result<(Bytes, bool), Refused> {
        let filled = timeout(PIECE_DEADLINE, self.fill()).await;
        let ended = filled.map_err(|_| refused("the file did not arrive in time: try again"))??;
        if ended {
            return Ok((self.held.split().freeze(), true));
        }
        Ok((self.held.split_to(FILE_CHUNK_BYTES).freeze(), false))
    }

    /// Reads until there is more than one piece; answers whether the body has ended before.
    async fn fill(&mut self) -> Result<bool, Refused> {
        while self.held.len() <= FILE_CHUNK_BYTES {
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.held.extend_from_slice(&data);
                    }
                }
                Some(Err(_)) => return Err(refused("the file did not arrive whole: try again")),
                None => return Ok(true),
            }
        }
        Ok(false)
    }

    /// Reads on for a moment what nobody wants: a browser that is still sending does not hear why it should not. One that
    /// sends nothing is not waited for.
    pub(crate) async fn drain(mut self) {
        let drained = async {
            let mut bytes = 0;
            while let Ok(Some(Ok(frame))) = timeout(DRAIN_PAUSE, self.body.frame()).await {
                bytes += frame.data_ref().map_or(0, Bytes::len);
                if bytes > DRAIN_BYTES {
                    return;
                }
            }
        };
        if timeout(DRAINED_WITHIN, drained).await.is_err() {
            tracing::debug!("a file that is too large is not read to its end");
        }
    }
}

fn refused(detail: &str) -> Refused {
    Refused::new(Problem::BadRequest, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    async fn cut(frames: &[usize]) -> Vec<(usize, bool)> {
        let frames: Vec<std::io::Result<Bytes>> = frames.iter().map(|&n| Ok(vec![7; n].into())).collect();
        let mut pieces = Pieces::of(Body::from_stream(stream::iter(frames)));
        let mut cut = Vec::new();
        while cut.last().is_none_or(|(_, last)| !last) {
            let (data, last) = pieces.next().await.unwrap();
            cut.push((data.len(), last));
        }
        cut
    }

    #[tokio::test]
    async fn pieces_are_full_but_the_last_however_they_arrive() {
        const PIECE: usize = FILE_CHUNK_BYTES;
        assert_eq!(cut(&[]).await, [(0, true)]);
        assert_eq!(cut(&[1]).await, [(1, true)]);
        assert_eq!(cut(&[PIECE]).await, [(PIECE, true)]);
        assert_eq!(cut(&[PIECE, 1]).await, [(PIECE, false), (1, true)]);
        assert_eq!(cut(&[3 * PIECE]).await, [(PIECE, false), (PIECE, false), (PIECE, true)]);
        assert_eq!(cut(&[PIECE / 2; 5]).await, [(PIECE, false), (PIECE, false), (PIECE / 2, true)]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_cut_or_slow_is_no_file() {
        let broken = [Ok(Bytes::from_static(b"abc")), Err(std::io::Error::other("gone"))];
        let mut pieces = Pieces::of(Body::from_stream(stream::iter(broken)));
        assert_eq!(pieces.next().await.unwrap_err().0.problem, Problem::BadRequest);
        let silent = stream::pending::<std::io::Result<Bytes>>();
        let mut pieces = Pieces::of(Body::from_stream(silent));
        assert_eq!(pieces.next().await.unwrap_err().0.problem, Problem::BadRequest);
    }
}
