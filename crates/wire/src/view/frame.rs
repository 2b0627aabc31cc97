//! The frames of the sockets (contract §3).

use super::{Conversation, Entry, Summary};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a client stands in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FollowState {
    /// Which conversation.
    pub conversation: String,
    /// The epoch in which it was read.
    #[serde(default)]
    pub epoch: Option<String>,
    /// The last `seq` applied; 0 for nothing yet.
    pub last_seq: i64,
    /// That entry's id.
    #[serde(default)]
    pub last_id: Option<String>,
}

/// Another name for [`FollowState`] in frames.
pub type Resume = FollowState;

/// What a client says. Frames of unknown type are ignored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromClient {
    /// The first frame; the visitor's carries the token.
    Hello {
        /// The visitor's secret.
        #[serde(default)]
        token: Option<String>,
        /// Where the client stands, if it was here before.
        #[serde(default)]
        resume: Vec<FollowState>,
    },
    /// Write a message.
    Send {
        /// To which conversation.
        conversation: String,
        /// The same on every retry.
        client_msg_id: String,
        /// `{text?, files?}`.
        #[schema(value_type = Object)]
        body: serde_json::Value,
    },
    /// Write a private note (agents).
    Note {
        /// To which conversation.
        conversation: String,
        /// The same on every retry.
        client_msg_id: String,
        /// `{text?, files?}`.
        #[schema(value_type = Object)]
        body: serde_json::Value,
    },
    /// Follow one conversation.
    Resume(FollowState),
    /// Follow it no longer.
    Leave {
        /// Which one.
        conversation: String,
    },
    /// The client's user is typing; at most every 3 s.
    Typing {
        /// In which conversation.
        conversation: String,
        /// What a visitor has typed so far, at most 300 characters, where the directory says `typing_preview`; then at
        /// most once a second. Empty: nothing any more. Shown to agents, never stored.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// The client's user, an agent, has it before their eyes; every 15 s while that is so.
    Looking {
        /// At which conversation.
        conversation: String,
    },
    /// The client's user has seen everything up to `seq`.
    Read {
        /// Of which conversation.
        conversation: String,
        /// The last place seen.
        seq: i64,
    },
    /// Anything that this version does not know.
    #[serde(other)]
    Unknown,
}

/// Why a send was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nack {
    /// The same `client_msg_id` with another body, or another agent has the conversation.
    Conflict,
    /// Not allowed.
    Forbidden,
    /// No such conversation.
    NotFound,
    /// Too large.
    TooLarge,
    /// Too many; see `retry_after`.
    RateLimited,
    /// Not stored; try again with the same id.
    Retry,
    /// The conversation is resolved (staff only).
    Resolved,
    /// It has changed hands since.
    Stale,
    /// Not acceptable as it is.
    Invalid,
}

/// What the server says. Clients ignore types that they do not know.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromServer {
    /// The answer to `hello`.
    Welcome {
        /// Of this database; changes when it was restored.
        epoch: String,
        /// The visitor, or the account.
        #[schema(value_type = Object)]
        me: serde_json::Value,
        /// The visitor's own, or the agent's open ones.
        conversations: Vec<Conversation>,
        /// The server's version.
        server_version: String,
    },
    /// The message is stored.
    Ack {
        /// The client's id.
        client_msg_id: String,
        /// Where.
        conversation: String,
        /// Its place.
        seq: i64,
        /// Its id.
        id: String,
        /// When.
        at: String,
    },
    /// The message is not stored.
    Nack {
        /// The client's id, where the frame had one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_msg_id: Option<String>,
        /// Why.
        code: Nack,
        /// What to do.
        detail: String,
        /// Seconds until another try makes sense.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<f64>,
    },
    /// A new entry of a followed conversation.
    Entry {
        /// The entry.
        entry: Entry,
    },
    /// The state of a conversation, when it changes.
    Conversation {
        /// As this reader may see it; with `preview`, `unread` and `waiting_since` for agents' lists.
        conversation: ConversationOrSummary,
    },
    /// A hint: the place in the queue.
    Queue {
        /// Of which conversation.
        conversation: String,
        /// 1 is next; 21 means more than 20.
        position: i64,
        /// Seconds, where there is a basis.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        estimate_s: Option<i64>,
    },
    /// A hint: somebody is typing.
    Typing {
        /// In which conversation.
        conversation: String,
        /// Who.
        author: super::Author,
        /// For agents, where the settings allow it: what the visitor has typed so far. Empty: nothing any more. For
        /// everybody: what an automation is going to say, as far as it has got; its message says it whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// A hint for agents: another one is looking at the same conversation; it holds for 25 s.
    Looking {
        /// Which conversation.
        conversation: String,
        /// Who; of kind `supervisor` is an admin who watches.
        author: super::Author,
    },
    /// A hint for an agent: a private note calls them. It is kept in `GET /mentions`.
    Mention {
        /// The mention.
        mention: super::Mention,
    },
    /// A hint: the other side has seen everything up to `seq`.
    Read {
        /// Of which conversation.
        conversation: String,
        /// `visitor` or `agent`.
        by: String,
        /// The last place seen.
        seq: i64,
    },
    /// A hint: an agent's presence changed.
    Presence {
        /// The account's id.
        agent: String,
        /// `online`, `away` or `offline`.
        status: String,
    },
    /// Forget what you have of it and load it again.
    Reset {
        /// Which conversation.
        conversation: String,
        /// `epoch`, `ahead`, `mismatch`, `not_found`, `too_far` or `left`.
        reason: String,
    },
    /// Just before a close with that code.
    Bye {
        /// The close code.
        code: u16,
        /// In words.
        reason: String,
        /// Seconds to wait before coming back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<f64>,
    },
}

/// A conversation, or the same as a row of a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ConversationOrSummary {
    /// With preview, unread and waiting.
    Summary(Box<Summary>),
    /// The state alone.
    Conversation(Box<Conversation>),
}
