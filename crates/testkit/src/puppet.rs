//! An automation that does what a test tells it, well or badly: the Services API and a turn over the plain protocol.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::plain_nats::{Mouth, PlainNats};

/// One thing that it does after it was asked.
#[derive(Debug, Clone)]
pub enum Act {
    /// It does nothing for so long.
    Pause(Duration),
    /// It says this.
    Say(Value),
    /// It says these bytes.
    Raw(Vec<u8>),
    /// It says this so many times.
    Repeat(Value, usize),
    /// It answers with an error of the Services API.
    Fail(&'static str),
    /// Its connection ends, and with it whatever else it was doing.
    Crash,
}

/// A reply that says these texts and waits.
#[must_use]
pub fn says(texts: &[&str]) -> Act {
    let messages: Vec<Value> = texts.iter().map(|text| json!({ "text": text })).collect();
    Act::Say(json!({ "messages": messages, "then": "wait" }))
}

/// A frame that asks for more time.
#[must_use]
pub fn working(extend_ms: u64) -> Value {
    json!({ "working": true, "extend_ms": extend_ms })
}

/// The texts that a turn asks it to answer.
#[must_use]
pub fn texts(turn: &Value) -> Vec<&str> {
    turn["messages"].as_array().into_iter().flatten().filter_map(|m| m["text"].as_str()).collect()
}

/// A running one; it ends when this is dropped.
#[derive(Debug)]
pub struct Puppet {
    task: JoinHandle<()>,
    asked: Arc<AtomicUsize>,
}

impl Drop for Puppet {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What it says it is.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// What it calls itself; nothing: it answers no question who it is.
    pub title: Option<String>,
    /// Whether it takes turns.
    pub plays: bool,
}

impl Role {
    /// One that is what it says it is.
    #[must_use]
    pub fn honest(name: &str, title: &str) -> Self {
        Self { name: name.to_owned(), title: Some(title.to_owned()), plays: true }
    }
}

impl Puppet {
    /// Connects, and comes back whenever its connection has ended.
    pub fn start(url: &str, role: Role, play: impl Fn(&Value) -> Vec<Act> + Send + Sync + 'static) -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        let (url, counter, play) = (url.to_owned(), Arc::clone(&asked), Arc::new(play));
        let task = tokio::spawn(async move {
            loop {
                let _ = perform(&url, &role, &counter, &play).await;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        Self { task, asked }
    }

    /// How often it was asked.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

async fn perform(
    url: &str,
    role: &Role,
    asked: &AtomicUsize,
    play: &Arc<impl Fn(&Value) -> Vec<Act> + Send + Sync + 'static>,
) -> anyhow::Result<()> {
    let mut nats = PlainNats::connect(url).await?;
    let (name, turns) = (&role.name, format!("switchboard.v1.automation.{}.turn", role.name));
    if role.title.is_some() {
        for verb in ["PING", "INFO", "STATS"] {
            nats.subscribe(&format!("$SRV.{verb}"), None).await?;
            // What speaks for somebody else may not listen there.
            if role.plays {
                nats.subscribe(&format!("$SRV.{verb}.{name}"), None).await?;
            }
        }
    }
    if role.plays {
        nats.subscribe(&turns, Some("q")).await?;
    }
    let mouth = nats.mouth();
    let (crashed, mut crash) = tokio::sync::mpsc::channel::<()>(1);
    let mut playing = tokio::task::JoinSet::new();
    loop {
        // Nothing is read after a crash, so what the reading may lose does not matter.
        let message = tokio::select! {
            message = nats.next() => message?,
            _ = crash.recv() => return Ok(()),
        };
        let Some(reply) = message.reply.clone() else { continue };
        if message.subject.starts_with("$SRV.") {
            introduce(&mouth, role, &turns, &message.subject, &reply).await?;
            continue;
        }
        asked.fetch_add(1, Ordering::SeqCst);
        let (mouth, play, crashed) = (mouth.clone(), Arc::clone(play), crashed.clone());
        playing.spawn(async move {
            for act in play(&message.json()) {
                let done = match act {
                    Act::Pause(long) => {
                        tokio::time::sleep(long).await;
                        Ok(())
                    }
                    Act::Say(value) => mouth.publish(&reply, value.to_string().as_bytes()).await,
                    Act::Raw(bytes) => mouth.publish(&reply, &bytes).await,
                    Act::Repeat(value, times) => repeat(&mouth, &reply, &value, times).await,
                    Act::Fail(text) => {
                        let headers = [("Nats-Service-Error", text), ("Nats-Service-Error-Code", "500")];
                        mouth.publish_headers(&reply, &headers).await
                    }
                    Act::Crash => {
                        let _ = crashed.send(()).await;
                        return;
                    }
                };
                if done.is_err() {
                    return;
                }
            }
        });
    }
}

async fn repeat(mouth: &Mouth, reply: &str, value: &Value, times: usize) -> anyhow::Result<()> {
    let bytes = value.to_string();
    for _ in 0..times {
        mouth.publish(reply, bytes.as_bytes()).await?;
    }
    Ok(())
}

async fn introduce(mouth: &Mouth, role: &Role, turns: &str, asked: &str, reply: &str) -> anyhow::Result<()> {
    let verb = asked.split('.').nth(1).unwrap_or_default().to_ascii_lowercase();
    let title = role.title.clone().unwrap_or_default();
    let answer = json!({
        "type": format!("io.nats.micro.v1.{verb}_response"),
        "name": role.name, "id": format!("puppet-{title}").replace(' ', "-"), "version": "1.0.0",
        "metadata": { "switchboard": "automation", "title": title, "description": "Does what a test says." },
        "description": "Does what a test says.",
        "started": "2026-01-01T00:00:00Z",
        "endpoints": [{
            "name": "turn", "subject": turns, "queue_group": "q",
            "num_requests": 0, "num_errors": 0, "last_error": null,
            "processing_time": 0, "average_processing_time": 0,
        }],
    });
    mouth.publish(reply, answer.to_string().as_bytes()).await
}
