//! A message on its way through the bare pipeline.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What a client says.
#[derive(Debug, Deserialize)]
pub(super) struct Said<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) token: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) conversation: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) client_msg_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) body: Option<&'a RawValue>,
}

/// A message, and where it came from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Row {
    /// `VISITOR.STAFF`: whose it is and who follows it.
    pub(super) conversation: String,
    /// `v17` or `s3`.
    pub(super) author: String,
    pub(super) client_msg_id: String,
    pub(super) body: Box<RawValue>,
    /// The connection at its edge.
    pub(super) from: usize,
    /// Given by the writer.
    #[serde(default)]
    pub(super) seq: u64,
    /// Given by the writer.
    #[serde(default)]
    pub(super) id: String,
}

/// What is known of a row once it is stored; all that its sender's edge needs.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) conversation: String,
    pub(super) client_msg_id: String,
    pub(super) from: usize,
    pub(super) seq: u64,
    pub(super) id: String,
}

impl Row {
    pub(super) fn stored(&self) -> Stored {
        Stored {
            conversation: self.conversation.clone(),
            client_msg_id: self.client_msg_id.clone(),
            from: self.from,
            seq: self.seq,
            id: self.id.clone(),
        }
    }
}
