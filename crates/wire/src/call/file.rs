//! Files in conversations, piece by piece.

use super::call;
use crate::bytes64::Bytes64;
use crate::view;
use serde::{Deserialize, Serialize};

/// Stores a piece of a file: the first one begins the file, the last one seals it. Nobody sees a file that is not sealed.
/// A piece that is stored already is left as it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PutPiece {
    /// In which conversation.
    pub conversation: String,
    /// Which file; none with the first piece.
    pub file: Option<String>,
    /// What it is called; counts with the first piece.
    pub name: String,
    /// Which piece, from 0; all but the last have [`switchboard_domain::limits::FILE_CHUNK_BYTES`].
    pub n: i64,
    /// What is in it.
    pub data: Bytes64,
    /// Whether it is the last one.
    pub last: bool,
}

/// A piece of a file, for whoever may see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetPiece {
    /// Of which conversation.
    pub conversation: String,
    /// Of which file.
    pub file: String,
    /// Which piece, from 0.
    pub n: i64,
}

/// A piece, with what there is to know about its file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Piece {
    /// The file.
    pub file: view::File,
    /// What is in it.
    pub data: Bytes64,
}

/// A file by itself.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OneFile {
    /// The file.
    pub file: view::File,
}

call! {
    PutPiece => "cmd.put_piece", CHAT, OneFile;
    GetPiece => "qry.piece", CHAT, Piece;
}
