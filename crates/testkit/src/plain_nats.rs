//! A NATS client of a few lines: what "in any language" means. It knows the wire protocol and nothing of ours.

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// The longest message that it takes, in bytes.
const MAX_PAYLOAD: usize = 1 << 20;

/// A message that arrived.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// Where it was sent.
    pub subject: String,
    /// Where an answer goes, if one is wanted.
    pub reply: Option<String>,
    /// The payload.
    pub payload: Vec<u8>,
}

/// A connection.
#[derive(Debug)]
pub struct PlainNats {
    input: BufReader<OwnedReadHalf>,
    output: OwnedWriteHalf,
    subscriptions: u32,
}

impl PlainNats {
    /// Connects to `nats://HOST:PORT`.
    ///
    /// # Errors
    /// When there is no NATS server.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        let address = url.strip_prefix("nats://").context("not a nats:// address")?;
        let (input, output) = TcpStream::connect(address).await?.into_split();
        let mut client = Self { input: BufReader::new(input), output, subscriptions: 0 };
        let info = client.line().await?;
        ensure!(info.starts_with("INFO "), "{info}");
        client.write(b"CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true}\r\n").await?;
        Ok(client)
    }

    /// Subscribes, in a queue group if one is given.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn subscribe(&mut self, subject: &str, group: Option<&str>) -> anyhow::Result<()> {
        self.subscriptions += 1;
        let group = group.map(|group| format!("{group} ")).unwrap_or_default();
        let line = format!("SUB {subject} {group}{}\r\n", self.subscriptions);
        self.write(line.as_bytes()).await
    }

    /// Publishes.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn publish(&mut self, subject: &str, payload: &[u8]) -> anyhow::Result<()> {
        let head = format!("PUB {subject} {}\r\n", payload.len());
        self.write(&[head.as_bytes(), payload, b"\r\n"].concat()).await
    }

    /// Publishes JSON.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn publish_json(&mut self, subject: &str, payload: &Value) -> anyhow::Result<()> {
        self.publish(subject, payload.to_string().as_bytes()).await
    }

    /// Publishes with headers and an empty payload, for instance an error of the Services API.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn publish_headers(&mut self, subject: &str, headers: &[(&str, &str)]) -> anyhow::Result<()> {
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let block = format!("NATS/1.0\r\n{lines}\r\n");
        let head = format!("HPUB {subject} {} {}\r\n", block.len(), block.len());
        self.write(&[head.as_bytes(), block.as_bytes(), b"\r\n"].concat()).await
    }

    /// The next message of any subscription. Wrap it in a time-out.
    ///
    /// # Errors
    /// When the connection is gone or the server complains.
    pub async fn next(&mut self) -> anyhow::Result<Delivered> {
        loop {
            let line = self.line().await?;
            let words: Vec<&str> = line.split_ascii_whitespace().collect();
            match words.as_slice() {
                ["PING"] => self.write(b"PONG\r\n").await?,
                ["MSG", subject, _, size] => return self.body(subject, None, 0, size).await,
                ["MSG", subject, _, reply, size] => return self.body(subject, Some(reply), 0, size).await,
                ["HMSG", subject, _, head, size] => {
                    return self.body(subject, None, head.parse()?, size).await;
                }
                ["HMSG", subject, _, reply, head, size] => {
                    return self.body(subject, Some(reply), head.parse()?, size).await;
                }
                ["-ERR", ..] => bail!("{line}"),
                _ => {}
            }
        }
    }

    async fn body(
        &mut self,
        subject: &str,
        reply: Option<&str>,
        head: usize,
        size: &str,
    ) -> anyhow::Result<Delivered> {
        let size: usize = size.parse()?;
        ensure!(head <= size && size <= MAX_PAYLOAD, "a message of {size} bytes, {head} of them headers");
        let mut bytes = vec![0; size + 2];
        self.input.read_exact(&mut bytes).await?;
        let payload = bytes[head..size].to_vec();
        Ok(Delivered { subject: subject.to_owned(), reply: reply.map(str::to_owned), payload })
    }

    async fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        ensure!(self.input.read_line(&mut line).await? > 0, "the NATS server closed the connection");
        Ok(line.trim_end().to_owned())
    }

    async fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(self.output.write_all(bytes).await?)
    }
}

impl Delivered {
    /// The payload as JSON; null when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.payload).unwrap_or(Value::Null)
    }
}
