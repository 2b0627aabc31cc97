//! What several behaviours need: a scene with an admin and agents, and words for what is in a conversation.

use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};
use switchboard_testkit::{Database, Done, Shape, Socket, Staff, System, Visitor, staff::SOON, wait};

/// Contract §5: a socket of a revoked account is closed within this.
pub const REVOKED: Duration = Duration::from_secs(2);
/// Contract §5: conversations of an agent who is gone are back in the queue within this.
pub const REQUEUED: Duration = Duration::from_secs(5);

/// A system with an admin and one agent who is online.
pub struct Scene {
    pub system: System,
    pub admin: Staff,
    pub agent: Staff,
    pub socket: Socket,
}

impl Scene {
    pub async fn open(shape: Shape) -> anyhow::Result<Self> {
        let system = System::start(shape).await?;
        let admin = system.admin().await?;
        let agent = system.agent(&admin).await?;
        let socket = agent.online().await?;
        Ok(Self { system, admin, agent, socket })
    }

    /// A visitor whose conversation the agent has been given; answers its id.
    pub async fn chatting(&self) -> anyhow::Result<(Visitor, String)> {
        let visitor = self.system.visitor().await?;
        let id = visitor.ask_people("hello").await?;
        self.agent.until(&id, "assigned", SOON, |c| has(c, &self.agent)).await?;
        Ok((visitor, id))
    }

    /// Waits until the agent's socket has been told that it has this conversation, and follows it.
    pub async fn given(&mut self, id: &str) -> anyhow::Result<()> {
        let own = |frame: &Value| {
            let conversation = &frame["conversation"];
            frame["type"] == "conversation"
                && conversation["id"] == id
                && conversation["owner"]["kind"] == "agent"
        };
        self.socket.expect_where("the conversation", SOON, own).await.map(drop)
    }

    /// A second agent of the team General, offline.
    pub async fn second(&self) -> anyhow::Result<Staff> {
        self.system.agent(&self.admin).await
    }
}

/// How a command went that was to succeed.
pub fn done(done: Done) -> anyhow::Result<Done> {
    done.ok()?;
    Ok(done)
}

/// RFC 3339, `seconds` from now by the database's own clock, so that no test has to know the time.
pub fn in_seconds(database: &Database, seconds: i64) -> anyhow::Result<String> {
    database.value(&match database {
        Database::Sqlite(_) => format!("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '{seconds} seconds')"),
        Database::MariaDb(..) => {
            format!("SELECT DATE_FORMAT(UTC_TIMESTAMP() + INTERVAL {seconds} SECOND, '%Y-%m-%dT%H:%i:%sZ')")
        }
    })
}

/// Whether this agent owns the conversation.
pub fn has(conversation: &Value, agent: &Staff) -> bool {
    conversation["owner"]["kind"] == "agent" && conversation["owner"]["id"] == agent.id.as_str()
}

/// Whether the conversation waits in the queue.
pub fn is_queued(conversation: &Value) -> bool {
    conversation["owner"]["kind"] == "queue"
}

/// The events of a conversation, in order.
pub fn events(entries: &[Value]) -> Vec<&str> {
    entries
        .iter()
        .filter(|entry| entry["kind"] == "event")
        .map(|entry| entry["body"]["event"].as_str().unwrap_or("?"))
        .collect()
}

/// How often this event is in it.
pub fn count(entries: &[Value], event: &str) -> usize {
    events(entries).into_iter().filter(|name| *name == event).count()
}

/// The texts of messages (not notes), in order.
pub fn texts(entries: &[Value]) -> Vec<&str> {
    entries
        .iter()
        .filter(|entry| entry["kind"] == "message")
        .map(|entry| entry["body"]["text"].as_str().unwrap_or("?"))
        .collect()
}

/// The sequence numbers, in order.
pub fn seqs(entries: &[Value]) -> Vec<u64> {
    entries.iter().map(|entry| entry["seq"].as_u64().unwrap_or_default()).collect()
}

/// The items of a list's page.
pub fn items(page: &Value) -> anyhow::Result<&Vec<Value>> {
    page["items"].as_array().with_context(|| format!("no items: {page}"))
}

/// A `send` frame.
pub fn send(conversation: &str, id: &str, message: &str) -> Value {
    json!({ "type": "send", "conversation": conversation, "client_msg_id": id, "body": { "text": message } })
}

/// Sends until the answer is another one than "try again", as clients do: while a lease is late nobody vouches for staff.
pub async fn insist(socket: &mut Socket, frame: &Value) -> anyhow::Result<Value> {
    let id = frame["client_msg_id"].as_str().unwrap_or_default().to_owned();
    for _ in 0..20 {
        socket.send(frame).await?;
        let said = answer(socket, &id).await?;
        if said["code"] != "retry" {
            return Ok(said);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("it is never taken: {frame}")
}

/// Waits until a statement that sleeps is at it in this database: it has its locks then.
pub async fn held(database: &Database) -> anyhow::Result<()> {
    let asleep =
        "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND state = 'User sleep'";
    let look = wait::until("the lock", SOON, async || Ok((database.value(asleep)? != "0").then_some(())));
    Box::pin(look).await.map(drop)
}

/// Waits for the answer to one `send`, `ack` or `nack`.
pub async fn answer(socket: &mut Socket, id: &str) -> anyhow::Result<Value> {
    let is_answer = |frame: &Value| frame["type"] == "ack" || frame["type"] == "nack";
    socket
        .expect_where(&format!("the answer to {id}"), SOON, |f| is_answer(f) && f["client_msg_id"] == id)
        .await
}
