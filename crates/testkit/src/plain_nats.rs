//! A NATS client of a few lines: what "in any language" means. It knows the wire protocol and nothing of ours.

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Mutex;

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
    mouth: Mouth,
    subscriptions: u32,
}

/// What says something on a connection; clones say it on the same one.
#[derive(Debug, Clone)]
pub struct Mouth(Arc<Mutex<OwnedWriteHalf>>);

impl Mouth {
    /// Publishes.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn publish(&self, subject: &str, payload: &[u8]) -> anyhow::Result<()> {
        let head = format!("PUB {subject} {}\r\n", payload.len());
        self.write(&[head.as_bytes(), payload, b"\r\n"].concat()).await
    }

    /// Publishes with headers and an empty payload, for instance an error of the Services API.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn publish_headers(&self, subject: &str, headers: &[(&str, &str)]) -> anyhow::Result<()> {
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let block = format!("NATS/1.0\r\n{lines}\r\n");
        let head = format!("HPUB {subject} {} {}\r\n", block.len(), block.len());
        self.write(&[head.as_bytes(), block.as_bytes(), b"\r\n"].concat()).await
    }

    async fn write(&self, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(self.0.lock().await.write_all(bytes).await?)
    }
}

impl PlainNats {
    /// Connects to `nats://[USER:PASSWORD@]HOST:PORT`.
    ///
    /// # Errors
    /// When there is no NATS server.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        let address = url.strip_prefix("nats://").context("not a nats:// address")?;
        let (login, address) = address.rsplit_once('@').map_or((None, address), |(l, a)| (Some(l), a));
        let (input, output) = TcpStream::connect(address).await?.into_split();
        let mouth = Mouth(Arc::new(Mutex::new(output)));
        let mut client = Self { input: BufReader::new(input), mouth, subscriptions: 0 };
        let info = client.line().await?;
        ensure!(info.starts_with("INFO "), "{info}");
        let mut hello = json!({ "verbose": false, "pedantic": false, "headers": true });
        if let Some((user, password)) = login.and_then(|login| login.split_once(':')) {
            hello["user"] = user.into();
            hello["pass"] = password.into();
        }
        client.mouth.write(format!("CONNECT {hello}\r\n").as_bytes()).await?;
        Ok(client)
    }

    /// What says something on this connection while somebody else reads from it.
    #[must_use]
    pub fn mouth(&self) -> Mouth {
        self.mouth.clone()
    }

    /// Subscribes, in a queue group if one is given.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn subscribe(&mut self, subject: &str, group: Option<&str>) -> anyhow::Result<()> {
        self.subscriptions += 1;
        let group = group.map(|group| format!("{group} ")).unwrap_or_default();
        let line = format!("SUB {subject} {group}{}\r\n", self.subscriptions);
        self.mouth.write(line.as_bytes()).await
    }

    /// Publishes.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn publish(&mut self, subject: &str, payload: &[u8]) -> anyhow::Result<()> {
        self.mouth.publish(subject, payload).await
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
        self.mouth.publish_headers(subject, headers).await
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
                ["PING"] => self.mouth.write(b"PONG\r\n").await?,
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
}

impl Delivered {
    /// The payload as JSON; null when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.payload).unwrap_or(Value::Null)
    }
}
