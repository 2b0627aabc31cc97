//! Subjects: dot-separated tokens, `*` for one token and a last `>` for one or more.

use std::sync::Arc;

use crate::error::BusError;
use crate::limits::SUBJECT_BYTES;

/// A subject as it travels: cheap to clone, made from `&str` and `String` by `into()`.
pub type Subject = Arc<str>;

/// Checks a subject that a message is published to: 1 to 255 visible bytes, no empty token, no wildcard.
///
/// # Errors
/// [`BusError::BadSubject`] with the subject.
pub fn check_subject(subject: &str) -> Result<(), BusError> {
    check_tokens(subject, |token, _| token != "*" && token != ">")
}

/// Checks a pattern that is subscribed to: as a subject, but a token may be `*` and the last one `>`.
///
/// # Errors
/// [`BusError::BadSubject`] with the pattern.
pub fn check_pattern(pattern: &str) -> Result<(), BusError> {
    check_tokens(pattern, |token, last| token != ">" || last)
}

fn check_tokens(text: &str, allowed: impl Fn(&str, bool) -> bool) -> Result<(), BusError> {
    let bad = || BusError::BadSubject(text.into());
    if text.is_empty() || text.len() > SUBJECT_BYTES {
        return Err(bad());
    }
    if text.bytes().any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control()) {
        return Err(bad());
    }
    let mut tokens = text.split('.').peekable();
    while let Some(token) = tokens.next() {
        if token.is_empty() || !allowed(token, tokens.peek().is_none()) {
            return Err(bad());
        }
    }
    Ok(())
}

/// Says whether `subject` is one that `pattern` asks for.
#[must_use]
pub fn matches(pattern: &str, subject: &str) -> bool {
    let mut wanted = pattern.split('.');
    let mut given = subject.split('.');
    loop {
        match (wanted.next(), given.next()) {
            (Some(">"), Some(_)) | (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(want), Some(have)) if want == have => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_one_token_or_for_the_rest() {
        assert!(matches("a.b", "a.b"));
        assert!(matches("a.*", "a.b"));
        assert!(matches("*.b", "a.b"));
        assert!(matches("a.>", "a.b.c"));
        assert!(matches(">", "a"));
        assert!(!matches("a.>", "a"));
        assert!(!matches("a.*", "a.b.c"));
        assert!(!matches("a.b.c", "a.b"));
        assert!(!matches("a", "b"));
    }

    #[test]
    fn what_cannot_be_a_subject_is_refused() {
        for bad in ["", ".", "a.", ".a", "a..b", "a b", "a\r\nPUB x", "a\tb", "a.*", "a.>", ">"] {
            assert!(check_subject(bad).is_err(), "{bad:?}");
        }
        assert!(check_subject(&"x".repeat(SUBJECT_BYTES + 1)).is_err());
        assert!(check_subject("switchboard.v1.cmd.append").is_ok());
        assert!(check_pattern("a.*.c.>").is_ok());
        assert!(check_pattern("a.>.c").is_err());
    }
}
