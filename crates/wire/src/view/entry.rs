//! Entries, encoded once for every node and socket.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use switchboard_domain::clock::rfc3339;
use utoipa::ToSchema;

/// Who wrote an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Author {
    /// `visitor`, `agent`, `automation` or `system`.
    pub kind: String,
    /// The visitor's or account's id, or the automation's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name when it wrote.
    pub name: String,
}

impl From<&switchboard_domain::Author> for Author {
    fn from(author: &switchboard_domain::Author) -> Self {
        Self { kind: author.kind.as_str().into(), id: author.id.clone(), name: author.name.clone() }
    }
}

/// One line of a conversation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Entry {
    /// Whose line it is.
    pub conversation: String,
    /// Its place; rises without gaps for staff, may skip for visitors.
    pub seq: i64,
    /// Its id.
    pub id: String,
    /// When it was committed.
    pub at: String,
    /// `message`, `note` or `event`; an open set.
    pub kind: String,
    /// Who wrote it.
    pub author: Author,
    /// A message's `{text, choices?, files?}`, a note's `{text, files?}`, an event's `{event, …}`; an open set.
    #[schema(value_type = Object)]
    pub body: Box<RawValue>,
    /// The client's id, when a client sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_msg_id: Option<String>,
}

impl Entry {
    /// The view of an entry. A stored body that is no JSON (nobody writes such) shows as an empty object.
    pub fn of(entry: &switchboard_domain::Entry) -> Self {
        let empty = || RawValue::from_string("{}".into()).unwrap_or_default();
        Self {
            conversation: entry.conversation.to_string(),
            seq: entry.seq,
            id: entry.id.to_string(),
            at: rfc3339(entry.at),
            kind: entry.kind.as_str().into(),
            author: Author::from(&entry.author),
            body: RawValue::from_string(entry.body.clone()).unwrap_or_else(|_| empty()),
            client_msg_id: entry.client.as_ref().map(|c| c.id.as_str().to_owned()),
        }
    }

    /// The view as JSON text.
    pub fn json(&self) -> Box<RawValue> {
        serde_json::value::to_raw_value(self).unwrap_or_default()
    }
}

/// An entry on its way to an edge: its JSON, and what the edge needs to order and to withhold it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Line {
    /// Its place.
    pub seq: i64,
    /// Whether the visitor sees it.
    pub public: bool,
    /// The place of the entry before it that the visitor sees; 0 when there is none.
    pub public_before: i64,
    /// Its id.
    pub id: String,
    /// [`Entry`] as JSON.
    pub entry: Box<RawValue>,
}

impl Line {
    /// The line of an entry.
    pub fn of(entry: &switchboard_domain::Entry) -> Self {
        Self {
            seq: entry.seq,
            public: entry.public,
            public_before: entry.public_before,
            id: entry.id.to_string(),
            entry: Entry::of(entry).json(),
        }
    }
}
