//! What an automation is asked and what it answers (contract §4).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A turn: the visitor's unanswered messages, and what an automation needs to answer them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TurnRequest {
    /// Stable across retries: replies to one turn are applied once.
    pub turn: String,
    /// Changes with every attempt.
    pub event_id: String,
    /// Which conversation.
    pub conversation: String,
    /// The conversation's fence; a reply after it has changed hands is refused.
    pub fence: i64,
    /// Who writes.
    pub visitor: TurnVisitor,
    /// The unanswered messages, oldest first; never empty.
    pub messages: Vec<TurnMessage>,
    /// The last entries of the conversation as the visitor sees them, oldest first.
    #[serde(default)]
    pub history: Vec<Box<RawValue>>,
    /// 1 at first.
    pub attempt: i64,
    /// How long this attempt may take, in milliseconds.
    pub deadline_ms: i64,
    /// What this automation's last reply in this run of the conversation asked to be given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// The visitor, as an automation sees one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnVisitor {
    /// The visitor's id.
    pub id: String,
    /// As the visitor or the host site gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// As the visitor or the host site gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The browser's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Whether the host site vouches for the identity.
    pub verified: bool,
}

/// One message to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnMessage {
    /// Its place in the conversation.
    pub seq: i64,
    /// What it says.
    pub text: String,
    /// When it was written, RFC 3339.
    pub at: String,
}

/// The answer to a turn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnReply {
    /// What to say, in order; may be empty.
    #[serde(default)]
    pub messages: Vec<ReplyMessage>,
    /// What comes next.
    #[serde(default)]
    pub then: Then,
    /// Labels to add to the conversation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Given back with the next turn of this conversation, as it is: at most 4 KiB, kept in the transaction that applies
    /// the reply. A reply without one leaves nothing to be given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What the visitor said of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<ReplyVisitor>,
}

/// What an automation has learnt of the visitor; what is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyVisitor {
    /// The name. That of a visitor whom the host site vouches for stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The e-mail address; the same holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Answers by key; an empty one is forgotten.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

/// A message of a reply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyMessage {
    /// 1 to 8,000 characters after trimming.
    pub text: String,
    /// Quick replies that the visitor may choose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<ReplyChoice>,
}

/// A quick reply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyChoice {
    /// What the button says.
    pub label: String,
    /// What is sent when it is chosen.
    pub value: String,
}

/// What follows a reply: `"wait"`, `{"handoff": {…}}` or `"resolve"`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Wait for the visitor.
    #[default]
    Wait,
    /// Hand over to people, or to another automation.
    Handoff(Handoff),
    /// End the conversation.
    Resolve,
}

/// To whom and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handoff {
    /// The team's id; none for everybody's queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// What the agent reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Becomes a private note: what whoever takes over should know. At most 8,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Another automation instead of people: its name. It begins with the visitor's newest message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automation: Option<String>,
}

/// Zero or more before the reply: the automation is at it and wants more time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Working {
    /// Always true; what tells it from a reply.
    pub working: bool,
    /// How much more time, in milliseconds from now.
    #[serde(default)]
    pub extend_ms: i64,
    /// What it is going to say, as far as it has got: shown as it grows, never stored. At most 8,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Header of a service's error, as the NATS Services API defines it.
pub const ERROR_HEADER: &str = "Nats-Service-Error";
/// Header of a service's error code.
pub const ERROR_CODE_HEADER: &str = "Nats-Service-Error-Code";
