//! A connection whose other end must read: when it takes nothing of an answer for too long, it is over. Without this,
//! whoever asks and does not read would hold a place for ever.

use crate::limits::ANSWER_DEADLINE;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// A connection that gives up.
#[derive(Debug)]
pub(super) struct Patient<I> {
    io: I,
    /// Only while something waits to be taken: an idle connection pays a pointer.
    late: Option<Pin<Box<Sleep>>>,
}

impl<I: Unpin> Patient<I> {
    pub(super) fn new(io: I) -> Self {
        Self { io, late: None }
    }

    /// What came of writing, or the end of our patience.
    fn or_late<T>(&mut self, cx: &mut Context<'_>, wrote: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if wrote.is_ready() {
            self.late = None;
            return wrote;
        }
        ready!(self.late.get_or_insert_with(|| Box::pin(sleep(ANSWER_DEADLINE))).as_mut().poll(cx));
        self.late = None;
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the other end does not read")))
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Patient<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Patient<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.or_late(cx, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.io).poll_write_vectored(cx, pieces);
        self.or_late(cx, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::time::Instant;

    /// Room for this much.
    const ROOM: usize = 16;

    #[tokio::test(start_paused = true)]
    async fn who_reads_nothing_is_given_up() {
        let (near, _far) = tokio::io::duplex(ROOM);
        let begun = Instant::now();
        let error = Patient::new(near).write_all(&[0; ROOM + 1]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed().as_secs(), ANSWER_DEADLINE.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_slowly_is_not() {
        let (near, mut far) = tokio::io::duplex(ROOM);
        let mut patient = Patient::new(near);
        let writing = tokio::spawn(async move { patient.write_all(&[7; 4 * ROOM]).await });
        let mut read = [0; ROOM];
        for _ in 0..4 {
            sleep(ANSWER_DEADLINE - Duration::from_secs(1)).await;
            far.read_exact(&mut read).await.unwrap();
        }
        writing.await.unwrap().unwrap();
    }
}
