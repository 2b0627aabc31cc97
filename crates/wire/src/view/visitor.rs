//! Visitors and what they may start with.

use super::PreChat;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A visitor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Visitor {
    /// The id.
    pub id: String,
    /// As given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// As given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The browser's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The page last visited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Whether the host site vouches for the identity.
    #[serde(default)]
    pub verified: bool,
    /// What the visitor has answered, by the key of the question; where the visitor itself asks, or an agent for the conversation.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

/// What a visitor may start with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VisitorDirectory {
    /// Active public automations.
    pub automations: Vec<VisitorAutomation>,
    /// People.
    pub people: People,
    /// What is asked before a conversation with people starts, if anything is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pre_chat: Option<PreChat>,
    /// Agents are shown what is typed before it is sent.
    #[serde(default, skip_serializing_if = "is_false")]
    pub typing_preview: bool,
    /// Whether there are articles to read at `/help`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub help: bool,
    /// Whether a transcript can be had by e-mail.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mail: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
fn is_false(value: &bool) -> bool {
    !value
}

/// An automation, as visitors see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VisitorAutomation {
    /// The name to start with.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What it does.
    pub description: String,
}

/// Whether people are there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct People {
    /// Whether an agent is online.
    pub available: bool,
    /// Teams that can be asked for.
    pub teams: Vec<VisitorTeam>,
}

/// A team, as visitors see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VisitorTeam {
    /// The id to start with.
    pub id: String,
    /// The name.
    pub name: String,
    /// Whether it is open and an agent of it is online.
    pub available: bool,
    /// When it opens, while it is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<String>,
}
