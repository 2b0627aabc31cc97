//! Asking an endpoint.

use crate::budget::{Budget, Over};
use crate::chunk::{self, End};
use crate::limits::{PAUSE, STREAM_BYTES, TEXT_CHARS, WORTH_A_TRY};
use crate::prompt::Message;
use crate::settings::Settings;
use crate::spent::estimate;
use crate::sse::Sse;
use crate::trouble::Trouble;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use switchboard_outbound::{Client, Opened, Request};
use tokio::time::{Instant, sleep};

/// A model behind an endpoint. Clones are the same one.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    client: Client,
    pub(crate) settings: Arc<Settings>,
    /// It has shown that it wants the bound of an answer under its newer name.
    newer: Arc<AtomicBool>,
    budget: Arc<Budget>,
}

/// What is asked, as it is sent.
#[derive(Debug, Serialize)]
struct Asked<'a> {
    model: &'a str,
    messages: &'a [Message],
    /// The bound of an answer, as most endpoints know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    /// The same for models that think before they answer, which refuse the other name.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    stream: bool,
}

/// An answer on its way.
#[derive(Debug)]
pub(crate) struct Speaking {
    opened: Opened,
    sse: Option<Sse>,
    waiting: VecDeque<String>,
    chars: usize,
    end: Option<End>,
    tokens: Option<u64>,
    /// Characters of the question.
    asked: usize,
    budget: Arc<Budget>,
}

/// However it ends, what was said until then is paid for.
impl Drop for Speaking {
    fn drop(&mut self) {
        self.budget.pay(self.tokens(), Instant::now());
    }
}

impl Model {
    pub(crate) fn new(client: Client, settings: Settings) -> Self {
        let budget = Budget::new(settings.requests_per_min, settings.tokens_per_hour, Instant::now());
        Self { client, settings: Arc::new(settings), newer: Arc::default(), budget: Arc::new(budget) }
    }

    /// Asks; tries once more what may pass.
    pub(crate) async fn ask(
        &self,
        messages: &[Message],
        max_tokens: u32,
        until: Instant,
    ) -> Result<Speaking, Trouble> {
        match self.ask_by_name(messages, max_tokens, until).await {
            Err(trouble) if trouble.passes() && Instant::now() + WORTH_A_TRY < until => {
                tracing::debug!(%trouble, "the model is asked once more");
                sleep(PAUSE).await;
                self.ask_by_name(messages, max_tokens, until).await
            }
            answer => answer,
        }
    }

    /// Asks with the older name of the bound; where that is refused, with the newer one, and from then on if that does it.
    async fn ask_by_name(
        &self,
        messages: &[Message],
        max_tokens: u32,
        until: Instant,
    ) -> Result<Speaking, Trouble> {
        let newer = self.newer.load(Ordering::Relaxed);
        let model = self.settings.model.as_str();
        let (old, new) = if newer { (None, Some(max_tokens)) } else { (Some(max_tokens), None) };
        let asked = Asked { model, messages, max_tokens: old, max_completion_tokens: new, stream: true };
        match self.ask_once(&asked, until).await {
            Err(Trouble::Status(StatusCode::BAD_REQUEST)) if !newer => {
                let asked = Asked { max_tokens: None, max_completion_tokens: Some(max_tokens), ..asked };
                let answer = self.ask_once(&asked, until).await;
                if answer.is_ok() {
                    self.newer.store(true, Ordering::Relaxed);
                }
                answer
            }
            answer => answer,
        }
    }

    async fn ask_once(&self, asked: &Asked<'_>, until: Instant) -> Result<Speaking, Trouble> {
        let body =
            serde_json::to_vec(asked).map_err(|_| Trouble::Nonsense("the question cannot be written"))?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream, application/json"));
        if let Some(value) = self.settings.key.as_ref().and_then(|key| key.header()) {
            headers.insert(AUTHORIZATION, value);
        }
        self.budget.take(Instant::now()).map_err(|over| match over {
            Over::Requests => Trouble::Spent("assistant.requests_per_min"),
            Over::Tokens => Trouble::Spent("assistant.tokens_per_hour"),
        })?;
        let within = until.saturating_duration_since(Instant::now());
        let request = Request { method: Method::POST, headers, body: Bytes::from(body), within };
        let opened = self.client.open(&self.settings.target, request, STREAM_BYTES).await;
        let opened = opened.map_err(Trouble::Request)?;
        if !opened.status.is_success() {
            return Err(Trouble::Status(opened.status));
        }
        // Some do not stream, whatever they are asked.
        let kind = opened.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let whole = kind.starts_with("application/json");
        let sse = (!whole).then(Sse::default);
        Ok(Speaking {
            opened,
            sse,
            waiting: VecDeque::new(),
            chars: 0,
            end: None,
            tokens: None,
            asked: asked.messages.iter().map(|message| message.content.chars().count()).sum(),
            budget: Arc::clone(&self.budget),
        })
    }

    /// All that it says, for agents.
    pub(crate) async fn say(
        &self,
        messages: &[Message],
        max_tokens: u32,
        until: Instant,
    ) -> Result<String, Trouble> {
        let mut speaking = self.ask(messages, max_tokens, until).await?;
        let mut text = String::new();
        while let Some(words) = speaking.next().await? {
            text.push_str(&words);
        }
        let text = text.trim();
        if text.is_empty() || speaking.end == Some(End::Filtered) {
            return Err(Trouble::Nonsense("it said nothing"));
        }
        Ok(text.to_owned())
    }
}

impl Speaking {
    /// More words; none at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<String>, Trouble> {
        loop {
            if let Some(words) = self.waiting.pop_front() {
                self.chars += words.chars().count();
                if self.chars > TEXT_CHARS {
                    return Err(Trouble::Nonsense("it is too long"));
                }
                return Ok(Some(words));
            }
            if self.end.is_some() {
                return Ok(None);
            }
            self.read().await?;
        }
    }

    /// Reads until there are words, or the end.
    async fn read(&mut self) -> Result<(), Trouble> {
        let Some(sse) = &mut self.sse else { return self.read_whole().await };
        let Some(bytes) = self.opened.next().await.map_err(Trouble::Request)? else {
            return Err(Trouble::Cut);
        };
        let events = sse.feed(&bytes).map_err(|_| Trouble::Nonsense("an event is too long"))?;
        for data in events {
            self.take(data.as_bytes())?;
        }
        Ok(())
    }

    async fn read_whole(&mut self) -> Result<(), Trouble> {
        let mut body = Vec::new();
        while let Some(bytes) = self.opened.next().await.map_err(Trouble::Request)? {
            body.extend_from_slice(&bytes);
        }
        self.take(&body)?;
        self.end.get_or_insert(End::Whole);
        Ok(())
    }

    fn take(&mut self, data: &[u8]) -> Result<(), Trouble> {
        let piece = chunk::read(data)?;
        if !piece.text.is_empty() {
            self.waiting.push_back(piece.text);
        }
        self.tokens = piece.tokens.or(self.tokens);
        // The first end counts: what follows it is the protocol's.
        self.end = self.end.or(piece.end);
        Ok(())
    }

    /// Whether the endpoint did not let it speak.
    pub(crate) fn is_filtered(&self) -> bool {
        self.end == Some(End::Filtered)
    }

    /// Whether it would have said more.
    pub(crate) fn is_cut(&self) -> bool {
        self.end == Some(End::Long)
    }

    /// What it has cost, with the question.
    pub(crate) fn tokens(&self) -> u64 {
        self.tokens.unwrap_or_else(|| estimate(self.asked + self.chars))
    }
}
