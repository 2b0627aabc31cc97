//! Visitors: arriving, what they may start with, starting.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use switchboard_domain::{Attributes, TokenHash};

/// A visitor arrives or tells more. With a valid visitor credential the same visitor is updated; otherwise a
/// new one is made with `token_hash`, whose secret the caller keeps.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ArriveVisitor {
    /// Of the secret for a new visitor.
    pub token_hash: Option<TokenHash>,
    /// As the visitor says.
    pub name: Option<String>,
    /// As the visitor says.
    pub email: Option<String>,
    /// The browser's language.
    pub locale: Option<String>,
    /// The page that the visitor is on.
    pub page: Option<String>,
    /// The inbox.
    pub inbox: Option<String>,
    /// Answers to the form before a conversation, and what else the page says; what is empty is forgotten.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    /// Where the visitor comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// Who this is, signed by the site around the chat. Whoever proves to be somebody else than before is answered as
    /// that one, with `token_hash` as another token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
}

/// A visitor, and whether it is new.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Arrived {
    /// The visitor.
    pub visitor: view::Visitor,
    /// Whether `token_hash` is now this visitor's.
    pub new: bool,
}

/// What a visitor may start with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetVisitorDirectory {}

/// The own conversations, newest activity first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListOwnConversations {
    /// At most so many.
    pub limit: Option<i64>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// With whom to start.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartWith {
    /// An automation's name.
    Automation(String),
    /// Whoever is there.
    People,
    /// A team's id.
    Team(String),
}

/// Starts a conversation, with the first message if given. Repeating the `client_msg_id` gives the same one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StartConversation {
    /// With whom.
    pub to: StartWith,
    /// What makes it idempotent.
    pub client_msg_id: Option<String>,
    /// The first message.
    pub text: Option<String>,
}

/// The conversation, and whether it was there already.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Started {
    /// The conversation.
    pub conversation: view::Conversation,
    /// Whether this repeats an earlier start.
    pub repeated: bool,
}

call! {
    ArriveVisitor => "cmd.arrive_visitor", ANYONE, Arrived;
    GetVisitorDirectory => "qry.visitor_directory", VISITOR, view::VisitorDirectory;
    ListOwnConversations => "qry.own_conversations", VISITOR, view::Page<view::Conversation>;
    StartConversation => "cmd.start_conversation", VISITOR, Started;
}
