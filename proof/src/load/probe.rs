//! A fresh client that asks whether something works again.

use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::{Value, json};
use switchboard_testkit::client::{Client, Setup};
use switchboard_testkit::{Http, Visitor};

use super::{Load, crew};

/// How long a probe waits before it gives up: far longer than anything may take.
const GIVE_UP: Duration = Duration::from_secs(60);
/// The longest pause between two tries of a probe to connect: it measures the servers, not its own patience.
const PATIENCE: Duration = Duration::from_millis(20);

/// A visitor with one conversation, whose clients are new each time.
#[derive(Debug)]
pub struct Probe {
    name: String,
    visitor: Visitor,
    conversation: String,
    count: usize,
}

impl Load {
    /// A visitor for probes, with a conversation with people.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn probe(&mut self) -> anyhow::Result<Probe> {
        self.probes += 1;
        let name = format!("probe-{}", self.probes);
        let visitor = crew::arrive(&self.nodes[0]).await?;
        let conversation = self.begin(&visitor, json!({ "people": true }), None).await?;
        Ok(Probe { name, visitor, conversation, count: 0 })
    }

    async fn begin(&mut self, visitor: &Visitor, to: Value, message: Option<&str>) -> anyhow::Result<String> {
        let made = visitor.start(to, message).await?;
        let conversation = made["id"].as_str().context("no id")?.to_owned();
        self.extra.push((visitor.clone(), conversation.clone()));
        Ok(conversation)
    }
}

impl Probe {
    /// A new client, which connects to these nodes in turn.
    fn client(&mut self, load: &Load, nodes: &[Http]) -> Client {
        self.count += 1;
        let name = format!("{}-{}", self.name, self.count);
        Setup::visitor(&self.visitor, nodes).recorded(&load.recorder, &name).patience(PATIENCE).start()
    }

    fn text(&self) -> String {
        format!("are you there {} ?{}", self.count, ".".repeat(self.count % 10))
    }

    /// How long it takes from `since` until a message that is sent now by way of these nodes is acknowledged.
    ///
    /// # Errors
    /// When it is not within a minute.
    pub async fn acknowledged(
        &mut self,
        load: &Load,
        nodes: &[Http],
        since: Instant,
    ) -> anyhow::Result<Duration> {
        let client = self.client(load, nodes);
        let id = client.send(&self.conversation, &self.text());
        let at = client.acked(&id, GIVE_UP).await?;
        Ok(at.saturating_duration_since(since))
    }

    /// How long it takes from `since` until a message that is sent now by way of one node is shown on another.
    ///
    /// # Errors
    /// When it is not within a minute.
    pub async fn shown_elsewhere(
        &mut self,
        load: &Load,
        here: &Http,
        there: &Http,
        since: Instant,
    ) -> anyhow::Result<Duration> {
        let far = self.client(load, std::slice::from_ref(there));
        let near = self.client(load, std::slice::from_ref(here));
        let id = near.send(&self.conversation, &self.text());
        far.shown_where(&self.conversation, GIVE_UP, |entry| entry["client_msg_id"] == id.as_str()).await?;
        Ok(since.elapsed())
    }

    /// How long it takes from `since` until an automation answers in a conversation that is begun now.
    ///
    /// # Errors
    /// When it does not within a minute.
    pub async fn answered(
        &mut self,
        load: &mut Load,
        automation: &str,
        nodes: &[Http],
        since: Instant,
    ) -> anyhow::Result<Duration> {
        let to = json!({ "automation": automation });
        let conversation = Box::pin(load.begin(&self.visitor, to, None)).await?;
        let client = self.client(load, nodes);
        let _ = client.send(&conversation, &self.text());
        let answer = |entry: &Value| entry["author"]["kind"] == "automation" && entry["kind"] == "message";
        client.shown_where(&conversation, GIVE_UP, answer).await?;
        Ok(since.elapsed())
    }
}
