//! Conversations, as agents and visitors work with them. Which of a conversation's sides is shown follows
//! from who asks.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use switchboard_domain::Status;

/// Which conversations an agent's list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// The own ones.
    Mine,
    /// Those in the queue.
    Queue,
    /// All that the agent may see.
    All,
}

/// An agent's list: summaries, newest activity first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListConversations {
    /// Which.
    pub view: View,
    /// Only with this status.
    pub status: Option<Status>,
    /// A prefix of visitor name, e-mail or conversation id.
    pub q: Option<String>,
    /// Only with this tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Only of the team with this id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// At most so many.
    pub limit: Option<i64>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// The state of one conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetConversation {
    /// Which.
    pub id: String,
}

/// Entries in `seq` order, as this reader may see them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetEntries {
    /// Of which conversation.
    pub id: String,
    /// Those after this place.
    pub after: Option<i64>,
    /// The last ones before this place.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: Option<i64>,
}

/// An agent takes it from the queue or an automation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claim {
    /// Which.
    pub id: String,
    /// As last seen.
    pub fence: i64,
}

/// Whom it is passed to: exactly one.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferTo {
    /// An account's id.
    Agent(String),
    /// A team's id.
    Team(String),
    /// An automation's name.
    Automation(String),
}

/// The agent who has it passes it on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Transfer {
    /// Which.
    pub id: String,
    /// As last seen.
    pub fence: i64,
    /// To whom.
    pub to: TransferTo,
    /// Becomes a note.
    pub note: Option<String>,
}

/// Ends it: the agent who has it, or the visitor.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Resolve {
    /// Which.
    pub id: String,
    /// As last seen; agents must give it.
    pub fence: Option<i64>,
}

/// An agent takes up a resolved or snoozed one again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reopen {
    /// Which.
    pub id: String,
    /// As last seen.
    pub fence: i64,
}

/// The agent who has it puts it aside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Snooze {
    /// Which.
    pub id: String,
    /// As last seen.
    pub fence: i64,
    /// RFC 3339.
    pub until: String,
}

/// An agent labels it, and takes labels away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TagConversation {
    /// Which.
    pub id: String,
    /// What it will have.
    #[serde(default)]
    pub add: Vec<String>,
    /// What it will not have, unless it is also to be added.
    #[serde(default)]
    pub remove: Vec<String>,
}

/// An agent says how urgent it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Prioritise {
    /// Which.
    pub id: String,
    /// `low`, `normal`, `high` or `urgent`.
    pub priority: String,
}

/// A visitor asks for a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Handoff {
    /// Which.
    pub id: String,
}

/// A visitor rates it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rate {
    /// Which.
    pub id: String,
    /// 1 to 5.
    pub score: i64,
    /// At most 8,000 characters.
    pub comment: Option<String>,
}

call! {
    ListConversations => "qry.conversations", AGENT, view::Page<view::Summary>;
    GetConversation => "qry.conversation", CHAT, view::Conversation;
    GetEntries => "qry.entries", CHAT, view::Page<Box<RawValue>>;
    Claim => "cmd.claim", AGENT, view::Conversation;
    Transfer => "cmd.transfer", AGENT, view::Conversation;
    Resolve => "cmd.resolve", CHAT, view::Conversation;
    Reopen => "cmd.reopen", AGENT, view::Conversation;
    Snooze => "cmd.snooze", AGENT, view::Conversation;
    TagConversation => "cmd.tag", AGENT, view::Conversation;
    Prioritise => "cmd.prioritise", AGENT, view::Conversation;
    Handoff => "cmd.handoff", VISITOR, view::Conversation;
    Rate => "cmd.rate", VISITOR, ();
}
