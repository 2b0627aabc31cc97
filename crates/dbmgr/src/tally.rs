//! Counting messages, once they are committed.

use crate::metric;
use switchboard_domain::{AuthorKind, Entry, EntryKind};

/// Messages and notes of one transaction, by who wrote them.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: [[u64; 2]; 4],
}

const AUTHORS: [AuthorKind; 4] =
    [AuthorKind::Visitor, AuthorKind::Agent, AuthorKind::Automation, AuthorKind::System];
const KINDS: [EntryKind; 2] = [EntryKind::Message, EntryKind::Note];

impl Tally {
    /// Counts an entry, if it is a message or a note.
    pub(crate) fn add(&mut self, entry: &Entry) {
        let author = AUTHORS.iter().position(|kind| *kind == entry.author.kind);
        let kind = KINDS.iter().position(|kind| *kind == entry.kind);
        if let (Some(author), Some(kind)) = (author, kind) {
            self.counts[author][kind] += 1;
        }
    }

    /// They are committed.
    pub(crate) fn committed(&self) {
        for (author, counts) in AUTHORS.iter().zip(&self.counts) {
            for (kind, count) in KINDS.iter().zip(counts).filter(|(_, count)| **count > 0) {
                let labels = [("author", author.as_str()), ("kind", kind.as_str())];
                metrics::counter!(metric::MESSAGES, &labels).increment(*count);
            }
        }
    }
}
