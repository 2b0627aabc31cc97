//! Searching what was written.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};

/// Messages and notes with these words, in conversations that the agent may see, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Search {
    /// The words, see [`switchboard_domain::search::Query`].
    pub q: String,
    /// At most so many lines.
    pub limit: Option<i64>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

call! {
    Search => "qry.search", AGENT, view::Page<view::Found>;
}
