//! Files in conversations: stored and read in pieces, each by whoever may at that moment.

mod get;
mod put;

use crate::gate::{self, Party};
use crate::halt::Halt;
use switchboard_domain::FileId;
use switchboard_domain::file::Attached;
use switchboard_domain::limits::FILE_CHUNK_BYTES;
use switchboard_storage::file::File;
use switchboard_wire::Failure;

/// [`FILE_CHUNK_BYTES`] as the tables count.
const PIECE: i64 = FILE_CHUNK_BYTES as i64;

/// Whose uploads these are, as in the tables.
fn uploader(party: &Party<'_>) -> String {
    match party {
        Party::Agent(agent) => agent.agent().author().sender(),
        Party::Visitor(visitor) => gate::author(visitor).sender(),
    }
}

/// There is no such file, or it is not the caller's to know about.
fn not_found() -> Halt {
    Failure::not_found("file").into()
}

fn parse(id: &str) -> Result<FileId, Halt> {
    id.parse().map_err(|_| not_found())
}

/// As a message names it.
pub(crate) fn attached(file: &File) -> Attached {
    Attached { id: file.id.clone(), name: file.name.clone(), kind: file.kind, size: file.size }
}
