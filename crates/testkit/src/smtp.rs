//! A mail server for tests: it speaks SMTP over TCP (RFC 5321), keeps what it takes, and can be told to behave badly.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It takes everything.
    Takes,
    /// It says "not now" to every recipient (451).
    NotNow,
    /// It says "never" to every recipient (550).
    Never,
    /// It takes an e-mail and never says so.
    Silent,
    /// It knows nobody's password (535).
    Stranger,
    /// It greets nobody (554).
    Closed,
}

/// An e-mail that was taken.
#[derive(Debug, Clone)]
pub struct Received {
    /// Who it is from, as the envelope says.
    pub from: String,
    /// To whom it goes, as the envelope says.
    pub to: Vec<String>,
    /// Head and body, lines ended with a line feed.
    pub text: String,
}

impl Received {
    /// A header's value on one line; empty if there is none.
    pub fn header(&self, name: &str) -> String {
        let head = self.text.split("\n\n").next().unwrap_or_default().replace("\n ", " ");
        let found = head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        });
        found.unwrap_or_default()
    }

    /// The text with soft line breaks of quoted-printable taken out.
    pub fn unfolded(&self) -> String {
        self.text.replace("=\n", "").replace("=3D", "=")
    }

    /// What follows `mark` up to the next character that no secret has.
    pub fn after(&self, mark: &str) -> Option<String> {
        let text = self.unfolded();
        let (_, rest) = text.split_once(mark)?;
        Some(rest.chars().take_while(char::is_ascii_alphanumeric).collect())
    }
}

struct State {
    mood: Mood,
    received: Vec<Received>,
    attempts: usize,
}

/// A mail server of a test; it ends with it.
pub struct Smtp {
    port: u16,
    state: Arc<Mutex<State>>,
    running: JoinHandle<()>,
}

impl Smtp {
    /// Starts one.
    ///
    /// # Errors
    /// When it cannot listen.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let state = Arc::new(Mutex::new(State { mood: Mood::Takes, received: Vec::new(), attempts: 0 }));
        let shared = Arc::clone(&state);
        let running = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move { talk(stream, &state).await });
            }
        });
        Ok(Self { port, state, running })
    }

    /// Its address, as the configuration wants it.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The same for somebody with a password.
    pub fn url_with_password(&self) -> String {
        format!("smtp://chat:secret@127.0.0.1:{}", self.port)
    }

    /// It behaves so from now on.
    pub fn be(&self, mood: Mood) {
        lock(&self.state).mood = mood;
    }

    /// What it has taken.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.state).received.clone()
    }

    /// How many e-mails were begun, taken or not.
    pub fn attempts(&self) -> usize {
        lock(&self.state).attempts
    }

    /// Waits until it has taken so many, at most that long; answers all of them.
    pub async fn until(&self, count: usize, patience: Duration) -> Vec<Received> {
        const STEP: Duration = Duration::from_millis(50);
        let mut left = patience;
        while self.received().len() < count && !left.is_zero() {
            sleep(STEP).await;
            left = left.saturating_sub(STEP);
        }
        self.received()
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.running.abort();
    }
}

fn lock(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One connection. Whoever breaks off is left alone.
async fn talk(stream: TcpStream, state: &Mutex<State>) {
    let _ = converse(stream, state).await;
}

async fn converse(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    if lock(state).mood == Mood::Closed {
        return writing.write_all(b"554 5.3.2 nobody is served here\r\n").await;
    }
    writing.write_all(b"220 test ESMTP\r\n").await?;
    let (mut from, mut to) = (String::new(), Vec::new());
    while let Some(line) = lines.next_line().await? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let mood = lock(state).mood;
        let answer = match verb.as_str() {
            "EHLO" | "HELO" => "250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME",
            "AUTH" if mood == Mood::Stranger => "535 5.7.8 these credentials are invalid",
            "AUTH" => "235 2.7.0 hello",
            "MAIL" => {
                lock(state).attempts += 1;
                (from, to) = (path(&line), Vec::new());
                "250 ok"
            }
            "RCPT" => match mood {
                Mood::NotNow => "451 4.3.0 come back later",
                Mood::Never => "550 5.1.1 there is nobody of that name",
                Mood::Takes | Mood::Silent | Mood::Stranger | Mood::Closed => {
                    to.push(path(&line));
                    "250 ok"
                }
            },
            "DATA" => {
                writing.write_all(b"354 go on\r\n").await?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    text.push('\n');
                }
                if mood == Mood::Silent {
                    continue;
                }
                lock(state).received.push(Received { from: from.clone(), to: to.clone(), text });
                "250 taken"
            }
            "QUIT" => {
                writing.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            "NOOP" | "RSET" => "250 ok",
            _ => "502 not here",
        };
        writing.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

/// What stands between the angle brackets.
fn path(line: &str) -> String {
    line.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}
