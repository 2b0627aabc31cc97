//! Messages and notes: what the group-commit writer takes.

use super::call;
use crate::credential::Credential;
use crate::failure::Failure;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What is appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppendKind {
    /// Seen by everybody in the conversation.
    Message,
    /// Seen by staff only.
    Note,
}

/// One message or note. Its author is whoever the credential belongs to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Append {
    /// Who writes.
    pub by: Credential,
    /// Where.
    pub conversation: String,
    /// What.
    pub kind: AppendKind,
    /// The client's id.
    pub client_msg_id: String,
    /// What it says; may be blank when there are files.
    pub text: String,
    /// Files that it names, by id: of this conversation, uploaded by who writes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// Whether the answer is to carry the entry.
    #[serde(default)]
    pub want_entry: bool,
}

/// Messages and notes in the order in which they were sent; each is answered on its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AppendEntries {
    /// At most [`switchboard_domain::limits::BATCH_ROWS`].
    pub items: Vec<Append>,
}

/// It is stored, durably.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Appended {
    /// Its place.
    pub seq: i64,
    /// Its id.
    pub id: String,
    /// When.
    pub at: String,
    /// Whether it was stored by an earlier try.
    pub repeated: bool,
    /// The entry, if wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Box<RawValue>>,
}

call! {
    AppendEntries => "cmd.append", COMPONENT, Vec<Result<Appended, Failure>>;
}
