//! Mentions: private notes that call the agent who asks.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};

/// The own ones, newest first; those in conversations that the agent may not see any more are left out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListMentions {
    /// At most so many.
    pub limit: Option<i64>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// The agent has looked at them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadMentions {
    /// Those in this conversation; all without it.
    pub conversation: Option<String>,
}

call! {
    ListMentions => "qry.mentions", AGENT, view::Page<view::Mention>;
    ReadMentions => "cmd.read_mentions", AGENT, ();
}
