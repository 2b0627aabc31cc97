//! The values at the border, where input becomes valid: texts, ids, names, addresses, times.

use switchboard_domain::clock::{parse_rfc3339, rfc3339};
use switchboard_domain::limits::{PREVIEW_CHARS, TEXT_CHARS};
use switchboard_domain::{ClientMsgId, ConversationId, Text, account, automation, password};

pub(crate) const WORDS: &[&str] = &[
    " ",
    "\n",
    "\u{0}",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{200d}",
    "\u{10ffff}",
    "🦀",
    "e\u{301}",
    "maya",
    "a@b.c",
    "@",
    "2026-11-23T08:00:00Z",
    "+24:00",
    "-009999",
    "9999-12-31T23:59:59.999999999Z",
    "0123456789abcdef",
    "_-",
];

/// What passes a border is what the border says, and passes it again.
pub(crate) fn run(input: &[u8]) {
    let Ok(given) = std::str::from_utf8(input) else { return };
    if let Ok(text) = Text::try_from(given.to_owned()) {
        let kept = text.as_str();
        assert!(kept == given.trim() && !kept.is_empty() && !kept.contains('\0'));
        assert!(kept.chars().count() <= TEXT_CHARS);
        let preview = text.preview();
        assert!(preview.chars().count() <= PREVIEW_CHARS + 1 && !preview.contains('\n'));
        assert_eq!(Text::try_from(kept.to_owned()).as_ref(), Ok(&text), "twice is once");
    }
    if let Ok(id) = given.parse::<ConversationId>() {
        assert!(id.as_str() == given && given.is_ascii() && (1..=26).contains(&given.len()));
    }
    if let Ok(id) = ClientMsgId::try_from(given.to_owned()) {
        assert!(id.as_str() == given && given.is_ascii() && (16..=64).contains(&given.len()));
    }
    if let Ok(name) = account::shown_name(given) {
        assert!(!name.is_empty() && !name.chars().any(char::is_control));
        assert_eq!(account::shown_name(&name).as_ref(), Ok(&name), "twice is once");
    }
    if let Ok(name) = account::username(given) {
        assert!(name == given && given.is_ascii());
    }
    if let Ok(address) = account::email(given) {
        assert_eq!(account::email(&address).as_ref(), Ok(&address), "twice is once");
        assert!(address.contains('@') && !address.contains(char::is_whitespace));
    }
    if let Some(at) = parse_rfc3339(given) {
        assert_eq!(parse_rfc3339(&rfc3339(at)), Some(at), "a time is the same when it is written and read");
    }
    // A subject of the bus is made of it.
    assert!(!automation::is_name(given) || given.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'.'));
    // Whatever the verdict, it is one.
    let _ = password::check(given, "maya", "Maya");
}
