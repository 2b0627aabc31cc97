//! What is sent.

use serde_json::{Value, json};
use switchboard_domain::clock::rfc3339;
use switchboard_domain::webhook::EventKind;
use switchboard_domain::{Conversation, Entry, Millis};
use switchboard_wire::view::{self, Audience, State};

/// The body of an event, as Standard Webhooks has it: what, when, and more about it.
pub(super) fn of(kind: EventKind, at: Millis, data: &Value) -> String {
    json!({ "type": kind.as_str(), "timestamp": rfc3339(at), "data": data }).to_string()
}

/// More about what an entry tells: the entry, and the conversation as it was when it was noted.
pub(super) fn of_entry(entry: &Entry, c: &Conversation) -> Value {
    json!({ "conversation": conversation(c), "entry": view::Entry::of(entry) })
}

/// A conversation as staff see it.
pub(crate) fn conversation(c: &Conversation) -> Value {
    json!(State::of(c).shown_to(Audience::Staff))
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_domain::{Author, EntryKind};

    #[test]
    fn an_entry_is_told_with_its_conversation() {
        let c = Conversation::new("c1".parse().unwrap(), "v1".parse().unwrap(), "Ada".into(), 0);
        let entry = Entry {
            conversation: c.id.clone(),
            seq: 3,
            id: "e3".parse().unwrap(),
            at: 1_000,
            kind: EntryKind::Message,
            public: true,
            public_before: 2,
            author: Author::visitor("v1", "Ada"),
            body: r#"{"text":"hello"}"#.into(),
            client: None,
        };
        let text = of(EventKind::VisitorMessage, entry.at, &of_entry(&entry, &c));
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(body["type"], "message.visitor");
        assert_eq!(body["timestamp"], "1970-01-01T00:00:01.000Z");
        assert_eq!(body["data"]["entry"]["body"]["text"], "hello");
        assert_eq!(body["data"]["entry"]["seq"], 3);
        assert_eq!(body["data"]["conversation"]["visitor"]["name"], "Ada");
    }
}
