//! A local server that speaks the protocol, well or badly, and a shelf of articles.

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use switchboard_assistant::{Assistant, Key, Settings};
use switchboard_outbound::{Client, Policy};
use switchboard_sdk::Articles;
use switchboard_wire::Failure;
use switchboard_wire::call::article::{RateArticle, SearchArticles};
use switchboard_wire::view::{ArticleHit, ArticlesFound};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request.
#[derive(Clone)]
pub enum Act {
    /// Streams these words, one event each.
    Stream(Vec<String>),
    /// Answers in one piece of JSON.
    Whole(String),
    /// This status, and a body that nobody must see.
    Status(u16),
    /// Streams these words with so many milliseconds in between.
    Drip(Vec<String>, u64),
    /// Breaks off after these words.
    Cut(Vec<String>),
    /// Bytes that are no HTTP, or anything else.
    Raw(Vec<u8>),
    /// So many bytes of one event.
    Huge(usize),
    /// An error within the stream.
    Reports,
    /// Nothing at all.
    Hang,
}

/// What was asked, oldest first: the head of the request and its body.
pub type Asked = Arc<Mutex<Vec<(String, Value)>>>;

/// Acts as told, one after the other, the last one again and again; the base address.
pub async fn server(acts: Vec<Act>) -> (String, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    let asked = Asked::default();
    let seen = Arc::clone(&asked);
    tokio::spawn(async move {
        let mut acts = acts.into_iter();
        let mut act = acts.next().unwrap();
        while let Ok((mut stream, _)) = listener.accept().await {
            let (seen, now) = (Arc::clone(&seen), act.clone());
            act = acts.next().unwrap_or(act);
            tokio::spawn(async move {
                let request = read(&mut stream).await;
                seen.lock().unwrap().push(request);
                // The other end may have had enough.
                let _ = answer(stream, now).await;
            });
        }
    });
    (base, asked)
}

async fn read(stream: &mut TcpStream) -> (String, Value) {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 8192];
        let count = stream.read(&mut piece).await.unwrap();
        bytes.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        if let Ok(body) = serde_json::from_str(body) {
            return (head.to_owned(), body);
        }
        assert!(count > 0, "the request ended early");
    }
}

const STREAMS: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

fn event(words: &str) -> String {
    format!("data: {}\n\n", json!({"choices": [{"index": 0, "delta": {"content": words}}]}))
}

async fn answer(mut stream: TcpStream, act: Act) -> std::io::Result<()> {
    match act {
        Act::Stream(words) => {
            let events: String = words.iter().map(|word| event(word)).collect();
            let end =
                json!({"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": {"total_tokens": 42}});
            stream.write_all(format!("{STREAMS}{events}data: {end}\n\ndata: [DONE]\n\n").as_bytes()).await
        }
        Act::Whole(text) => {
            let body = json!({"choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]});
            let body = body.to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}",
                body.len()
            );
            stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await
        }
        Act::Status(status) => {
            let body = "{\"error\": {\"message\": \"bad key sk-te****cret\"}}";
            let head = format!("HTTP/1.1 {status} No\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(head.as_bytes()).await
        }
        Act::Drip(words, pause) => {
            stream.write_all(STREAMS.as_bytes()).await?;
            for word in words {
                stream.write_all(event(&word).as_bytes()).await?;
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
            stream.write_all(b"data: [DONE]\n\n").await
        }
        Act::Cut(words) => {
            let events: String = words.iter().map(|word| event(word)).collect();
            stream.write_all(format!("{STREAMS}{events}").as_bytes()).await
        }
        Act::Raw(bytes) => stream.write_all(&bytes).await,
        Act::Huge(bytes) => {
            stream.write_all(format!("{STREAMS}data: ").as_bytes()).await?;
            stream.write_all(&vec![b'x'; bytes]).await
        }
        Act::Reports => {
            let error = json!({"error": {"message": "bad key sk-te****cret"}});
            stream.write_all(format!("{STREAMS}data: {error}\n\n").as_bytes()).await
        }
        Act::Hang => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(())
        }
    }
}

/// Articles in memory: about refunds, and nothing else.
#[derive(Default)]
pub struct Shelf {
    pub asked: Mutex<Vec<String>>,
}

impl Articles for Shelf {
    fn search(&self, search: SearchArticles) -> BoxFuture<'_, Result<ArticlesFound, Failure>> {
        self.asked.lock().unwrap().push(search.query.clone());
        Box::pin(async move {
            let known = search.query.contains("refund");
            let hit = ArticleHit {
                slug: "refunds".into(),
                title: "How do refunds work?".into(),
                language: "en".into(),
                excerpt: "Within 14 days.".into(),
                text: "You get your money back within 14 days.".into(),
                score: 1.0,
                confidence: 0.9,
            };
            let asks = search.query != "hello";
            let hits = if known { vec![hit] } else { vec![] };
            Ok(ArticlesFound { hits, sure: known, asks, revision: "+1".into() })
        })
    }

    fn rate(&self, _: RateArticle) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async { Ok(()) })
    }
}

/// Settings for this endpoint.
pub fn settings(base_url: &str) -> Settings {
    Settings {
        target: Settings::endpoint(base_url).unwrap(),
        key: Some(Key::new("sk-test-secret").unwrap()),
        model: "tiny".into(),
        max_tokens: 400,
        turns: 20,
        tokens: 0,
        requests_per_min: 0,
        tokens_per_hour: 0,
        timeout: Duration::from_secs(4),
        confidence_floor: 0.6,
        summary: true,
        base: "https://help.example".into(),
    }
}

/// An assistant with these settings.
pub fn assistant(settings: Settings) -> Assistant {
    let policy = Policy { http: true, allow: vec!["127.0.0.0/8".parse().unwrap()] };
    Assistant::new(Arc::new(Shelf::default()), Client::new(policy, &[]).unwrap(), settings)
}

/// Words, as a model gives them.
pub fn words(text: &str) -> Vec<String> {
    text.split_inclusive(' ').map(ToOwned::to_owned).collect()
}

/// A good answer.
pub const GOOD: &str =
    "{\"confidence\": 0.9, \"sources\": [1], \"person\": false}\nYou get your money back within 14 days [1].";
