//! A server that web hooks are sent to: it keeps what came and answers as it is told.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::wait;

/// Largest head of a request, in bytes.
const HEAD_BYTES: usize = 16 * 1024;

/// A request that came.
#[derive(Debug, Clone)]
pub struct Received {
    /// The first line and the headers.
    pub head: String,
    /// The body, byte by byte as it came.
    pub body: Vec<u8>,
    /// What it was answered.
    pub answered: u16,
}

impl Received {
    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// The body as JSON; null when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

#[derive(Debug, Default)]
struct Kept {
    got: Mutex<Vec<Received>>,
    status: AtomicU16,
    /// Further headers and the body of what it answers.
    said: Mutex<(String, String)>,
}

/// The server; it ends when it is dropped.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    kept: Arc<Kept>,
    running: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Receiver {
    /// One that answers 200.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let kept = Arc::new(Kept::default());
        kept.status.store(200, Ordering::SeqCst);
        *kept.said.lock().unwrap_or_else(PoisonError::into_inner) = (String::new(), "noted".into());
        let keeps = Arc::clone(&kept);
        let running = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = Arc::clone(&keeps);
                // Whoever breaks off is not remembered.
                tokio::spawn(async move {
                    let _ = answer(stream, &kept).await;
                });
            }
        });
        Ok(Self { address, kept, running })
    }

    /// Where it is reached.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// What it answers from now on.
    pub fn answers(&self, status: u16) {
        self.kept.status.store(status, Ordering::SeqCst);
    }

    /// What it says with that from now on: further headers, a line each, and a body.
    pub fn says(&self, headers: &str, body: &str) {
        *self.kept.said.lock().unwrap_or_else(PoisonError::into_inner) =
            (headers.to_owned(), body.to_owned());
    }

    /// What came so far.
    #[must_use]
    pub fn got(&self) -> Vec<Received> {
        self.kept.got.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What it has taken: requests that it answered well.
    #[must_use]
    pub fn taken(&self) -> Vec<Received> {
        self.got().into_iter().filter(|one| (200..300).contains(&one.answered)).collect()
    }

    /// Waits until what came fits.
    ///
    /// # Errors
    /// When it does not within `deadline`; the message holds what came.
    pub async fn until(
        &self,
        what: &str,
        deadline: Duration,
        fits: impl Fn(&[Received]) -> bool,
    ) -> anyhow::Result<Vec<Received>> {
        let found = wait::until(what, deadline, async || {
            let got = self.got();
            Ok(fits(&got).then_some(got))
        });
        let kinds = || self.got().iter().map(|one| one.json()["type"].to_string()).collect::<Vec<_>>();
        let found = Box::pin(found).await.with_context(|| format!("came: {:?}", kinds()));
        found.map(|(got, _)| got)
    }
}

async fn answer(mut stream: TcpStream, kept: &Kept) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        anyhow::ensure!(bytes.len() < HEAD_BYTES, "no end of the head");
        anyhow::ensure!(stream.read_buf(&mut bytes).await? > 0, "it broke off");
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut one = Received { head, body: bytes.split_off(end + 4), answered: 0 };
    let length: usize = one.header("content-length").context("no length")?.parse()?;
    while one.body.len() < length {
        anyhow::ensure!(stream.read_buf(&mut one.body).await? > 0, "it broke off");
    }
    one.answered = kept.status.load(Ordering::SeqCst);
    let (headers, body) = kept.said.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let headers: String = headers.lines().map(|line| format!("{line}\r\n")).collect();
    let answer = format!(
        "HTTP/1.1 {} Said\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}",
        one.answered,
        body.len()
    );
    kept.got.lock().unwrap_or_else(PoisonError::into_inner).push(one);
    stream.write_all(answer.as_bytes()).await?;
    Ok(())
}
