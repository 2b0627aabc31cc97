//! Files as they are shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A file of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct File {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`, judged by what is in it; `application/octet-stream` for
    /// everything else.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its size in bytes.
    pub size: i64,
}

impl From<&switchboard_domain::file::Attached> for File {
    fn from(file: &switchboard_domain::file::Attached) -> Self {
        Self {
            id: file.id.to_string(),
            name: file.name.clone(),
            kind: file.kind.media_type().into(),
            size: file.size,
        }
    }
}
