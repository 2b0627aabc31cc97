//! Canned replies.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};

/// Those that an agent may send, by shortcut; to an admin those of teams and everybody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListCanned {
    /// At most so many.
    pub limit: Option<i64>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// Makes one: an agent for itself, an admin for a team or everybody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddCanned {
    /// What is typed to find it.
    pub shortcut: String,
    /// The text.
    pub text: String,
    /// `all`, `team` or `own`.
    pub scope: String,
    /// The team's id, when it is to be a team's.
    pub team: Option<String>,
}

/// Changes one; absent fields stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PatchCanned {
    /// Which.
    pub id: String,
    /// What is typed to find it.
    pub shortcut: Option<String>,
    /// The text.
    pub text: Option<String>,
}

/// Deletes one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteCanned {
    /// Which.
    pub id: String,
}

/// A canned reply by itself.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OneCanned {
    /// The canned reply.
    pub canned: view::CannedReply,
}

call! {
    ListCanned => "qry.canned", DESK, view::Page<view::CannedReply>;
    AddCanned => "cmd.add_canned", DESK, OneCanned;
    PatchCanned => "cmd.patch_canned", DESK, OneCanned;
    DeleteCanned => "cmd.delete_canned", DESK, ();
}
