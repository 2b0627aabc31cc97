//! A visitor: a token, calls and a socket.

use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use crate::http::Http;
use crate::id::unique;
use crate::socket::{Refused, Socket};
use crate::staff::{SOON, all_entries, text};
use crate::wait;

/// Someone who came to the page.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Calls with the visitor's token.
    pub http: Http,
    /// The visitor's id.
    pub id: String,
    /// The secret.
    pub token: String,
}

impl Visitor {
    /// Arrives and gets a token.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn arrive(http: &Http) -> anyhow::Result<Self> {
        Self::arrive_as(http, json!({})).await
    }

    /// Arrives with details (`name`, `email`, …).
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn arrive_as(http: &Http, details: Value) -> anyhow::Result<Self> {
        let made = http.post("/visitor/session", details).await?.expect(201)?;
        let token = text(&made["token"])?;
        let http = http.clone().with_bearer(Some(&token));
        Ok(Self { http, id: text(&made["visitor"]["id"])?, token })
    }

    /// Starts a conversation, with a first message if `message` is given; answers it.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn start(&self, to: Value, message: Option<&str>) -> anyhow::Result<Value> {
        let mut body = json!({ "to": to, "client_msg_id": unique("start") });
        if let Some(message) = message {
            body["body"] = json!({ "text": message });
        }
        self.http.post("/visitor/conversations", body).await?.expect(201)
    }

    /// Starts a conversation with people; answers its id.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn ask_people(&self, message: &str) -> anyhow::Result<String> {
        text(&self.start(json!({ "people": true }), Some(message)).await?["id"])
    }

    /// Starts a conversation with an automation; answers its id.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn ask_automation(&self, name: &str, message: &str) -> anyhow::Result<String> {
        text(&self.start(json!({ "automation": name }), Some(message)).await?["id"])
    }

    /// Writes a message; answers the entry.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn say(&self, id: &str, message: &str) -> anyhow::Result<Value> {
        let body = json!({ "client_msg_id": unique("visitor"), "body": { "text": message } });
        self.http.post(&format!("/visitor/conversations/{id}/messages"), body).await?.expect(201)
    }

    /// The state of a conversation.
    ///
    /// # Errors
    /// When it is not this visitor's.
    pub async fn conversation(&self, id: &str) -> anyhow::Result<Value> {
        self.http.get(&format!("/visitor/conversations/{id}")).await?.expect(200)
    }

    /// Everything that the visitor may see of a conversation, in order.
    ///
    /// # Errors
    /// When it is not this visitor's.
    pub async fn entries(&self, id: &str) -> anyhow::Result<Vec<Value>> {
        all_entries(&self.http, &format!("/visitor/conversations/{id}")).await
    }

    /// The texts of the messages of one kind of author, in order.
    ///
    /// # Errors
    /// When it is not this visitor's.
    pub async fn texts(&self, id: &str, author: &str) -> anyhow::Result<Vec<String>> {
        let entries = self.entries(id).await?;
        Ok(entries
            .iter()
            .filter(|entry| entry["kind"] == "message" && entry["author"]["kind"] == author)
            .filter_map(|entry| entry["body"]["text"].as_str().map(str::to_owned))
            .collect())
    }

    /// Waits until so many messages of one kind of author are there; answers their texts.
    ///
    /// # Errors
    /// When they do not come within `deadline`; the message holds what is there.
    pub async fn until_texts(
        &self,
        id: &str,
        author: &str,
        count: usize,
        deadline: Duration,
    ) -> anyhow::Result<Vec<String>> {
        let what = format!("{count} messages of {author}");
        let found = wait::until(&what, deadline, async || {
            let texts = self.texts(id, author).await?;
            Ok((texts.len() >= count).then_some(texts))
        });
        match Box::pin(found).await {
            Ok((texts, _)) => Ok(texts),
            Err(error) => Err(error).with_context(|| format!("conversation {id}")),
        }
    }

    /// Waits until a conversation fits; answers it and how long that took.
    ///
    /// # Errors
    /// When it does not within `deadline`; the message holds the last state.
    pub async fn until(
        &self,
        id: &str,
        what: &str,
        deadline: Duration,
        fits: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<(Value, Duration)> {
        let mut last = Value::Null;
        let found = wait::until(what, deadline, async || {
            last = self.conversation(id).await?;
            Ok(fits(&last).then(|| last.clone()))
        });
        let found = Box::pin(found).await;
        found.with_context(|| format!("last seen: {last}"))
    }

    /// Opens the visitor's socket, says `hello` and waits for `welcome`.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn socket(&self) -> anyhow::Result<Socket> {
        let mut socket = self.open().await?;
        socket.send(&json!({ "type": "hello", "token": self.token })).await?;
        socket.expect("welcome", SOON).await?;
        Ok(socket)
    }

    /// Opens the visitor's socket and says nothing.
    ///
    /// # Errors
    /// When the upgrade is refused.
    pub async fn open(&self) -> Result<Socket, Refused> {
        Socket::open(&self.http, "/visitor/socket").await
    }
}
