//! Help for agents from the assistant. Not the dbmgr answers this, but whoever runs the assistant; nobody is there when none
//! is configured. The edge asks, after it has read the conversation as the agent.

use super::call;
use serde::{Deserialize, Serialize};

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Nothing: whether anybody is there.
    Ready,
    /// A draft of the agent's next message.
    Draft,
    /// A summary for an agent.
    Summary,
}

/// Who wrote a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Writer {
    /// The visitor.
    Visitor,
    /// An agent.
    Agent,
    /// An automation.
    Automation,
    /// Staff, in a private note.
    Note,
}

/// A line of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Who wrote it.
    pub by: Writer,
    /// What it says.
    pub text: String,
}

/// Asks the assistant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Assist {
    /// For what.
    pub task: Task,
    /// The conversation, or its end, oldest first.
    pub lines: Vec<Line>,
}

/// What the assistant has written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Assisted {
    /// The text.
    pub text: String,
    /// The articles that it was given.
    #[serde(default)]
    pub sources: Vec<Cited>,
}

/// An article that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Cited {
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: String,
}

call! {
    Assist => "qry.assist", COMPONENT, Assisted;
}
