//! The files themselves. In a debug build they are read from disk at each request.

use axum::body::Bytes;
use rust_embed::RustEmbed;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "../../frontend/dist"]
#[allow_missing = true]
struct Dist;

/// A file.
pub(super) struct File {
    pub(super) bytes: Bytes,
    pub(super) hash: [u8; 32],
}

/// A file of the front end, by its path there.
pub(super) fn get(path: &str) -> Option<File> {
    let file = Dist::get(path)?;
    let bytes = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    Some(File { bytes, hash: file.metadata.sha256_hash() })
}

/// Whether the front end was built at all.
pub(super) fn any() -> bool {
    Dist::iter().next().is_some()
}
