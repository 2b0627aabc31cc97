//! A connection whose other end must read: when it takes nothing of an answer for too long, it is over. Without this,
//! whoever asks and does not read would hold a place for ever.
//!
//! And one that lingers (RFC 9112, section 9.6): closing while something is still unread resets it, and a reset can
//! overtake the answer. Who is told that a body is too large would find a broken connection instead.

use crate::limits::{ANSWER_DEADLINE, LINGER_BYTES, LINGER_DEADLINE, LINGER_QUIET};
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
    /// Once our side is closed: how many bytes may still come.
    lingering: Option<usize>,
}

impl<I: Unpin> Patient<I> {
    pub(super) fn new(io: I) -> Self {
        Self { io, late: None, lingering: None }
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

impl<I: AsyncRead + Unpin> Patient<I> {
    /// Takes what still comes, and throws it away, until the other end has closed too or has had its time.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut thrown_away = [0; 4096];
        loop {
            let mut buf = ReadBuf::new(&mut thrown_away);
            match Pin::new(&mut self.io).poll_read(cx, &mut buf) {
                Poll::Ready(Ok(())) if !buf.filled().is_empty() => {
                    let left = self.lingering.unwrap_or(0);
                    if left == LINGER_BYTES {
                        self.late = Some(Box::pin(sleep(LINGER_DEADLINE)));
                    }
                    let left = left.saturating_sub(buf.filled().len());
                    self.lingering = Some(left);
                    if left == 0 {
                        return Poll::Ready(());
                    }
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => break,
            }
        }
        match &mut self.late {
            Some(late) => late.as_mut().poll(cx),
            None => Poll::Ready(()),
        }
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

impl<I: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Patient<I> {
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
        if self.lingering.is_none() {
            ready!(Pin::new(&mut self.io).poll_shutdown(cx))?;
            self.lingering = Some(LINGER_BYTES);
            self.late = Some(Box::pin(sleep(LINGER_QUIET)));
        }
        self.poll_linger(cx).map(Ok)
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

    #[tokio::test(start_paused = true)]
    async fn who_still_sends_is_heard_out_so_that_the_answer_arrives() {
        let (near, mut far) = tokio::io::duplex(ROOM);
        let mut patient = Patient::new(near);
        patient.write_all(&[7; ROOM]).await.unwrap();
        let closing = tokio::spawn(async move { patient.shutdown().await });
        far.write_all(&[0; 100 * ROOM]).await.unwrap();
        let mut answer = Vec::new();
        far.read_to_end(&mut answer).await.unwrap();
        assert_eq!(answer, [7; ROOM]);
        drop(far);
        closing.await.unwrap().unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn lingering_ends() {
        for (sent, quiet) in [(0, LINGER_QUIET), (1, LINGER_DEADLINE)] {
            let (near, mut far) = tokio::io::duplex(ROOM);
            far.write_all(&[0; ROOM][..sent]).await.unwrap();
            let begun = Instant::now();
            Patient::new(near).shutdown().await.unwrap();
            assert_eq!(begun.elapsed().as_millis(), quiet.as_millis());
        }
        let (near, mut far) = tokio::io::duplex(ROOM);
        let endless = tokio::spawn(async move { while far.write_all(&[0; ROOM]).await.is_ok() {} });
        let begun = Instant::now();
        Patient::new(near).shutdown().await.unwrap();
        assert!(begun.elapsed() < LINGER_DEADLINE);
        endless.await.unwrap();
    }
}
