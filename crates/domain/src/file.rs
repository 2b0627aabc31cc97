//! Files in conversations: what they are, judged by what is in them, and what they may be called.

use crate::id::FileId;
use crate::limits::{CONVERSATION_FILES_BYTES, FILE_BYTES, FILE_NAME_CHARS, FILES_PER_MESSAGE};
use crate::secret::sha256_hex;
use serde_json::{Value, json};

/// What a file is. Only pictures are ever shown where they stand; everything else is something to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A picture.
    Png,
    /// A picture.
    Jpeg,
    /// A picture.
    Gif,
    /// A picture.
    WebP,
    /// Anything else, scripts among them.
    Other,
}

impl FileKind {
    const ALL: [Self; 5] = [Self::Png, Self::Jpeg, Self::Gif, Self::WebP, Self::Other];

    /// Judges a file by its first bytes: what it is called, and what its sender says that it is, can be anything. SVG
    /// is no picture here, since it can hold scripts.
    pub fn of(first: &[u8]) -> Self {
        let begins = |with: &[u8]| first.starts_with(with);
        match () {
            () if begins(b"\x89PNG\r\n\x1a\n") && first.get(12..16) == Some(b"IHDR") => Self::Png,
            () if begins(b"\xff\xd8\xff") => Self::Jpeg,
            () if begins(b"GIF87a") || begins(b"GIF89a") => Self::Gif,
            () if begins(b"RIFF") && first.get(8..15) == Some(b"WEBPVP8") => Self::WebP,
            () => Self::Other,
        }
    }

    /// As media type (RFC 6838), in the API and in the tables.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Other => "application/octet-stream",
        }
    }
}

impl std::str::FromStr for FileKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == text).ok_or(())
    }
}

/// The name under which a file is shown and kept: the last part of a path, on one line, without what turns the
/// direction of writing round or cannot be seen, at most [`FILE_NAME_CHARS`] long with its ending; never empty.
pub fn name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.chars().filter(|c| !is_hidden(*c)).collect();
    let line = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = line.trim_matches(['.', ' ']);
    match plain {
        "" => "file".into(),
        _ if plain.chars().count() <= FILE_NAME_CHARS => plain.into(),
        _ => shortened(plain),
    }
}

/// Control characters, and those that a reader of the name does not see.
fn is_hidden(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Keeps the ending, which says what to open the file with.
fn shortened(name: &str) -> String {
    /// The longest ending that is kept, in characters.
    const ENDING: usize = 16;
    let ending = name.rsplit_once('.').map(|(_, ending)| format!("….{ending}"));
    let ending = ending.filter(|ending| ending.chars().count() <= ENDING).unwrap_or_else(|| "…".into());
    let room = FILE_NAME_CHARS - ending.chars().count();
    name.chars().take(room).chain(ending.chars()).collect()
}

/// A size in words that people use.
pub fn shown_size(bytes: i64) -> String {
    const MIB: i64 = 1024 * 1024;
    match bytes {
        _ if bytes >= MIB => format!("{} MiB", bytes / MIB),
        _ if bytes >= 1024 => format!("{} KiB", bytes / 1024),
        _ => format!("{bytes} bytes"),
    }
}

/// What is said of a file over the limit.
pub fn too_large(limit: i64) -> String {
    format!("a file has at most {}: send a smaller one", shown_size(limit))
}

/// What files may be in all; an operator may change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileLimits {
    /// Largest file, in bytes.
    pub file_bytes: i64,
    /// Most files of one message or note.
    pub per_message: usize,
    /// All files of one conversation together, in bytes.
    pub conversation_bytes: i64,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self {
            file_bytes: FILE_BYTES,
            per_message: FILES_PER_MESSAGE,
            conversation_bytes: CONVERSATION_FILES_BYTES,
        }
    }
}

/// A file as a message names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Which.
    pub id: FileId,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Its size in bytes.
    pub size: i64,
}

/// What a message says that has files and no words, for whoever shows no files.
pub fn instead_of_words(files: &[Attached]) -> String {
    files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// A message's or note's body with its files.
pub fn attach(body: &str, files: &[Attached]) -> String {
    let mut body: Value = serde_json::from_str(body).unwrap_or_else(|_| json!({}));
    let show = |file: &Attached| {
        let (id, kind) = (file.id.as_str(), file.kind.media_type());
        json!({ "id": id, "name": file.name, "type": kind, "size": file.size })
    };
    if let Some(fields) = body.as_object_mut() {
        fields.insert("files".into(), files.iter().map(show).collect());
    }
    body.to_string()
}

/// [`crate::message::body_hash`] of a message or note with files; `text` as it was sent, blank or not. A text has no NUL,
/// so that it is never the hash of one without files.
pub fn body_hash(kind: &str, text: &str, files: &[FileId]) -> String {
    let files = files.iter().map(FileId::as_str).collect::<Vec<_>>().join(",");
    sha256_hex(format!("{kind}\0{files}\n{text}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01";

    #[test]
    fn pictures_are_known_by_their_first_bytes() {
        let webp = b"RIFF\x24\0\0\0WEBPVP8 ";
        let known: [(&[u8], FileKind); 5] = [
            (PNG, FileKind::Png),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", FileKind::Jpeg),
            (b"GIF87a\x01\0", FileKind::Gif),
            (b"GIF89a\x01\0", FileKind::Gif),
            (webp, FileKind::WebP),
        ];
        for (bytes, kind) in known {
            assert_eq!(FileKind::of(bytes), kind);
            assert_eq!(kind.media_type().parse(), Ok(kind));
        }
    }

    #[test]
    fn whatever_could_hold_a_script_is_no_picture() {
        let others: [&[u8]; 9] = [
            b"",
            b"\x89PNG\r\n\x1a\n",
            b"\x89PNG<script>alert(1)</script>",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
            b"<?xml version='1.0'?><svg/>",
            b"<!doctype html><script>",
            b"GIF8<script>",
            b"RIFF\x24\0\0\0WAVEfmt ",
            b"%PDF-1.7",
        ];
        for other in others {
            assert_eq!(FileKind::of(other), FileKind::Other, "{other:?}");
        }
        assert_eq!(FileKind::Other.media_type(), "application/octet-stream");
    }

    #[test]
    fn a_name_is_one_short_line_and_no_path() {
        for (given, kept) in [
            ("cat.png", "cat.png"),
            ("C:\\Users\\ada\\cat.png", "cat.png"),
            ("../../etc/passwd", "passwd"),
            (" two\r\n words\t.txt ", "two words .txt"),
            ("photo\u{202e}gnp.exe", "photognp.exe"),
            ("Rechnung März 🦀.pdf", "Rechnung März 🦀.pdf"),
            (".", "file"),
            ("", "file"),
            ("a/", "file"),
            ("\0\u{7}", "file"),
        ] {
            assert_eq!(name(given), kept, "{given:?}");
        }
        let long = name(&format!("{}.tar.gz", "é".repeat(500)));
        assert_eq!(long.chars().count(), FILE_NAME_CHARS);
        assert!(long.ends_with("….gz"), "{long}");
        assert_eq!(name(&format!("x.{}", "y".repeat(500))).chars().count(), FILE_NAME_CHARS);
    }

    #[test]
    fn a_body_names_its_files_and_keeps_the_rest() {
        let file =
            Attached { id: "f1".parse().unwrap(), name: "a \"b\".png".into(), kind: FileKind::Png, size: 7 };
        let body: Value = serde_json::from_str(&attach(r#"{"text":"hi"}"#, &[file])).unwrap();
        let named = json!({ "id": "f1", "name": "a \"b\".png", "type": "image/png", "size": 7 });
        assert_eq!(body, json!({ "text": "hi", "files": [named] }));
    }

    #[test]
    fn other_files_are_another_message() {
        let ids = |names: &[&str]| names.iter().map(|n| n.parse().unwrap()).collect::<Vec<FileId>>();
        let hash = |files: &[&str]| body_hash("message", "hi", &ids(files));
        assert_eq!(hash(&["a", "b"]), hash(&["a", "b"]));
        assert_ne!(hash(&["a", "b"]), hash(&["b", "a"]));
        assert_ne!(hash(&["a"]), hash(&["a", "b"]));
        assert_ne!(hash(&[]), crate::message::body_hash("message", "hi"));
    }
}
