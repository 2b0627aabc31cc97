//! Lists in pages by key: never by offset, which costs more with every page.

use switchboard_domain::{ConversationId, Millis};

/// Where a list by activity goes on: after the item with this time and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// `updated_at` of the last item.
    pub updated_at: Millis,
    /// Its id.
    pub id: ConversationId,
}

/// A text that sorts behind every text with this prefix, in code points as in UTF-8 bytes.
pub(crate) fn prefix_end(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}
