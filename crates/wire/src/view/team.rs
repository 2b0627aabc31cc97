//! Teams, and the directory that agents pass conversations by.

use super::{PreChatField, TeamRules};
use serde::{Deserialize, Serialize};
use switchboard_domain::Presence;
use utoipa::ToSchema;

/// A team of agents with a queue of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Team {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Seconds within which an agent must answer an assigned conversation.
    pub answer_s: i64,
    /// How it works.
    #[serde(default)]
    pub rules: TeamRules,
    /// How many agents belong to it.
    pub members: i64,
    /// When it was made.
    pub created_at: String,
}

/// Whom a conversation can be passed to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Directory {
    /// Active agents.
    pub agents: Vec<DirectoryAgent>,
    /// Teams.
    pub teams: Vec<DirectoryTeam>,
    /// Active automations.
    pub automations: Vec<DirectoryAutomation>,
    /// Conversations that wait for agents of any team.
    #[serde(default)]
    pub waiting: i64,
    /// Since when the first of them waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<String>,
    /// What visitors are asked before a conversation, so that answers can be shown with their questions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<PreChatField>,
}

/// An agent in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DirectoryAgent {
    /// The account's id.
    pub id: String,
    /// The name that people see.
    pub name: String,
    /// The name to sign in with, by which notes call them.
    #[serde(default)]
    pub username: String,
    /// `online`, `away` or `offline`.
    #[schema(value_type = String)]
    pub status: Presence,
    /// Since when they are online or away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Open conversations now.
    pub open: i64,
    /// Most at once.
    pub capacity: i64,
    /// The ids of the teams.
    pub teams: Vec<String>,
    /// What this agent is good for.
    #[serde(default)]
    pub skills: Vec<String>,
}

fn open() -> bool {
    true
}

/// A team in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DirectoryTeam {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Agents of it who are online.
    pub online: i64,
    /// Whether it is within its business hours.
    #[serde(default = "open")]
    pub open: bool,
    /// Conversations in its queue.
    pub waiting: i64,
    /// Since when the first of them waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<String>,
}

/// An automation in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DirectoryAutomation {
    /// The name to transfer to.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What it does.
    pub description: String,
}
