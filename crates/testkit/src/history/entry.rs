//! An entry of a conversation as the program writes it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The JSON of an entry. Two entries are equal when all of it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Entry(pub Value);

impl Entry {
    fn text_at(&self, pointer: &str) -> &str {
        self.0.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// The number; 0, which no entry has, when it is missing.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.0["seq"].as_u64().unwrap_or_default()
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.text_at("/id")
    }

    /// The conversation's id.
    #[must_use]
    pub fn conversation(&self) -> &str {
        self.text_at("/conversation")
    }

    /// When it was stored.
    #[must_use]
    pub fn at(&self) -> &str {
        self.text_at("/at")
    }

    /// `message`, `note` or `event`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.text_at("/kind")
    }

    /// `visitor`, `agent`, `automation` or `system`.
    #[must_use]
    pub fn author(&self) -> &str {
        self.text_at("/author/kind")
    }

    /// The author's id, for an automation its name.
    #[must_use]
    pub fn author_id(&self) -> &str {
        self.text_at("/author/id")
    }

    /// The text of a message or note.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text_at("/body/text")
    }

    /// The name of an event.
    #[must_use]
    pub fn event(&self) -> &str {
        self.text_at("/body/event")
    }

    /// The id under which a client sent it.
    #[must_use]
    pub fn client_msg_id(&self) -> Option<&str> {
        self.0["client_msg_id"].as_str()
    }

    /// Whether somebody in this role may see it.
    #[must_use]
    pub fn is_for(&self, role: super::Role) -> bool {
        role == super::Role::Agent || self.kind() != "note"
    }
}

impl From<Value> for Entry {
    fn from(value: Value) -> Self {
        Self(value)
    }
}
