//! A program that takes turns, and says what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use switchboard_bus::{Bus, Local, Message};
use switchboard_wire::subject;
use switchboard_wire::turn::{ERROR_CODE_HEADER, ERROR_HEADER, TurnRequest};
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// A running program; it ends when this is dropped.
pub struct Program {
    pub asked: Arc<Mutex<Vec<TurnRequest>>>,
    running: JoinHandle<()>,
}

impl Drop for Program {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// What it does with a turn, in order.
#[derive(Debug, Clone)]
pub enum Step {
    Sleep(u64),
    /// Sends these bytes.
    Send(String),
    /// Answers with an error.
    Error(&'static str),
}

/// A reply that says every message again.
pub fn echo(turn: &TurnRequest) -> String {
    let messages: Vec<_> =
        turn.messages.iter().map(|m| serde_json::json!({ "text": format!("echo {}", m.text) })).collect();
    serde_json::json!({ "messages": messages, "then": "wait" }).to_string()
}

pub fn working(ms: i64) -> String {
    serde_json::json!({ "working": true, "extend_ms": ms }).to_string()
}

impl Program {
    /// Takes the turns of `name`.
    pub async fn start(
        bus: &Local,
        name: &str,
        plan: impl Fn(&TurnRequest) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        let mut turns = bus.subscribe(&subject::turn(name), Some(subject::AUTOMATION_GROUP)).await.unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, bus, plan) = (Arc::clone(&asked), bus.clone(), Arc::new(plan));
        let running = tokio::spawn(async move {
            while let Some(message) = turns.next_message().await {
                let turn: TurnRequest = serde_json::from_slice(&message.payload).unwrap();
                log.lock().unwrap().push(turn.clone());
                tokio::spawn(answer(bus.clone(), message, plan(&turn)));
            }
        });
        Self { asked, running }
    }

    /// One that echoes.
    pub async fn echo(bus: &Local, name: &str) -> Self {
        Self::start(bus, name, |turn| vec![Step::Send(echo(turn))]).await
    }

    pub fn times_asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

async fn answer(bus: Local, message: Message, plan: Vec<Step>) {
    let reply = message.reply.unwrap();
    for step in plan {
        let message = match step {
            Step::Sleep(ms) => {
                sleep(Duration::from_millis(ms)).await;
                continue;
            }
            Step::Send(text) => Message::new(Arc::clone(&reply), text),
            Step::Error(text) => Message::new(Arc::clone(&reply), "")
                .header(ERROR_HEADER, text)
                .header(ERROR_CODE_HEADER, "500"),
        };
        bus.publish(message).await.unwrap();
    }
}
