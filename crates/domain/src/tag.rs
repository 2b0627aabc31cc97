//! Tags: labels that staff and automations put on conversations.

use crate::limits::TAG_CHARS;

/// The text cannot be a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tag has 1 to 40 characters on one line")]
pub struct BadTag;

/// Checks a tag: 1 to 40 characters after trimming, no control characters.
///
/// # Errors
/// When it is longer, blank, or not on one line.
pub fn tag(text: &str) -> Result<String, BadTag> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= TAG_CHARS && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(BadTag) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_short_lines() {
        assert_eq!(tag("  refund ✓ "), Ok("refund ✓".into()));
        assert!(tag(&"é".repeat(TAG_CHARS)).is_ok());
        for bad in ["", "   ", "a\nb", &"x".repeat(TAG_CHARS + 1)] {
            assert_eq!(tag(bad), Err(BadTag), "{bad:?}");
        }
        assert!(BadTag.to_string().contains(&TAG_CHARS.to_string()));
    }
}
