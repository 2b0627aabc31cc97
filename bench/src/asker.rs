//! A client that asks over HTTP, one question after the other, on a connection that stays open: what a loader spends
//! on a question must be little, and the same for every system.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use crate::driver::Ask;
use crate::load::{Latencies, Sample};
use crate::setting::Setting;
use crate::usage::{Counted, Meter};

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(20);
/// Largest head of an answer, in bytes.
const HEAD: usize = 16 * 1024;
/// Largest body, in bytes: pages end at 256 KiB.
const BODY: usize = 1024 * 1024;

/// A connection that stays open.
#[derive(Debug)]
pub struct Asker {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Asker {
    /// Connects to `127.0.0.1:PORT`.
    ///
    /// # Errors
    /// When nobody listens.
    pub fn connect(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).with_context(|| address.to_owned())?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER))?;
        Ok(Self { stream, buffer: vec![0; HEAD] })
    }

    /// Asks, and gives the body of the answer.
    ///
    /// # Errors
    /// When the connection ends, or the status is no success.
    pub fn ask(&mut self, request: &[u8]) -> anyhow::Result<&[u8]> {
        self.stream.write_all(request)?;
        let mut filled = 0;
        let head = loop {
            filled += self.more(filled)?;
            if let Some(end) = self.buffer[..filled].windows(4).position(|four| four == b"\r\n\r\n") {
                break Head::read(&self.buffer[..end])?;
            }
            ensure!(filled < HEAD, "an endless head");
        };
        ensure!(head.body <= BODY, "a body of {} bytes", head.body);
        let end = head.length + head.body;
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        while filled < end {
            filled += self.more(filled)?;
        }
        let body = &self.buffer[head.length..end];
        ensure!((200..300).contains(&head.status), "{}: {}", head.status, String::from_utf8_lossy(body));
        Ok(body)
    }

    fn more(&mut self, filled: usize) -> anyhow::Result<usize> {
        match self.stream.read(&mut self.buffer[filled..])? {
            0 => bail!("the connection ended"),
            read => Ok(read),
        }
    }
}

/// What the loader wants to know of an answer's head.
struct Head {
    status: u16,
    /// Bytes, the empty line included.
    length: usize,
    /// Bytes of what follows.
    body: usize,
}

impl Head {
    fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        let text = std::str::from_utf8(bytes)?;
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no status")?;
        let body = text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        Ok(Self {
            status,
            length: bytes.len() + 4,
            body: body.with_context(|| format!("no length: {text}"))?,
        })
    }
}

/// A question as it travels.
#[must_use]
pub fn get(ask: &Ask) -> Vec<u8> {
    request("GET", ask, "")
}

/// A question with a JSON body as it travels.
#[must_use]
pub fn post(ask: &Ask, body: &str) -> Vec<u8> {
    request("POST", ask, body)
}

fn request(method: &str, ask: &Ask, body: &str) -> Vec<u8> {
    let mut text = format!("{method} {} HTTP/1.1\r\nHost: {}\r\n", ask.path, ask.address);
    for (name, value) in &ask.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if method != "GET" {
        text.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

/// Asks over and over, one question under way, for a warm-up and a window.
///
/// # Errors
/// When a question fails, or one of the processes has ended.
pub fn measure(
    setting: &Setting,
    processes: &[Counted],
    mut once: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<Sample> {
    let warm = Instant::now() + setting.warm_up;
    while Instant::now() < warm {
        once()?;
    }
    let (mut latencies, mut done) = (Latencies::new()?, 0);
    let meter = Meter::start(processes)?;
    let begin = Instant::now();
    let mut now = begin;
    while now - begin < setting.window {
        once()?;
        let then = Instant::now();
        latencies.record(then - now);
        (now, done) = (then, done + 1);
    }
    let (took, cpu) = (begin.elapsed(), meter.each()?);
    Ok(Sample { took, done, acked: latencies.clone(), delivered: latencies, cpu, under_way: (0, 0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_status_and_length() {
        let head = Head::read(b"HTTP/1.1 404 Not Found\r\nContent-Type: x\r\ncontent-length: 12").unwrap();
        assert_eq!((head.status, head.body), (404, 12));
        assert!(Head::read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked").is_err());
    }

    #[test]
    fn a_question_with_a_body_says_how_long_it_is() {
        let headers = vec![("Cookie".to_owned(), "a=b".to_owned())];
        let ask = Ask { address: "h:1".into(), path: "/p".into(), headers };
        assert_eq!(get(&ask), b"GET /p HTTP/1.1\r\nHost: h:1\r\nCookie: a=b\r\n\r\n");
        assert!(post(&ask, "{}").ends_with(b"Content-Length: 2\r\n\r\n{}"));
    }
}
