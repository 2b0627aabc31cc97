//! Searching what was written: the index is read here, and grown and thinned out.

mod behind;
mod find;
pub(crate) mod forget;
mod grow;

use switchboard_domain::{Entry, EntryKind};

/// The text of a message or note; an event has none.
fn text(entry: &Entry) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Body {
        text: String,
    }
    if entry.kind == EntryKind::Event {
        return None;
    }
    serde_json::from_str(&entry.body).ok().map(|Body { text }| text)
}
