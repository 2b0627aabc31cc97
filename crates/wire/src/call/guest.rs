//! Visitors as staff see them: who they are, all that is stored of them, and erasing that.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};

/// Visitors by e-mail address or id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindVisitors {
    /// How an e-mail address begins, or a whole id. Without it nobody is found.
    pub q: Option<String>,
    /// At most so many.
    pub limit: Option<i64>,
}

/// A part of all that is stored of a visitor. The first part is noted in the audit log.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportVisitor {
    /// Whom.
    pub id: String,
    /// Where the part begins.
    pub cursor: Option<String>,
}

/// A part of an export.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportPart {
    /// When the part was read.
    pub at: String,
    /// The visitor, as of this part.
    pub visitor: view::Guest,
    /// What comes next of the conversations; the first one may be the rest of the last one before.
    pub conversations: Vec<view::ExportedConversation>,
    /// Where the next part begins.
    pub next: Option<String>,
}

/// Erases what a visitor has said and told. Doing it again does it again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EraseVisitor {
    /// Whom.
    pub id: String,
}

/// Makes one visitor of two: conversations, answers and bans of both. The browser that was here last goes on; the other
/// one begins anew.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MergeVisitors {
    /// Whose details win where both say something.
    pub keep: String,
    /// The other one.
    pub other: String,
}

/// The same by an agent, of the visitors of two conversations that the agent may see.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MergeHere {
    /// The conversation whose visitor's details win.
    pub keep: String,
    /// A conversation of the other one.
    pub other: String,
}

call! {
    FindVisitors => "qry.visitors", ADMIN, view::Page<view::Guest>;
    ExportVisitor => "cmd.export_visitor", ADMIN, ExportPart;
    EraseVisitor => "cmd.erase_visitor", ADMIN, ();
    MergeVisitors => "cmd.merge_visitors", ADMIN, view::Guest;
    MergeHere => "cmd.merge_here", AGENT, view::Conversation;
}
