//! Replies: making them and checking them before they are sent.

use switchboard_domain::limits::TEXT_CHARS;
use switchboard_wire::reply;
use switchboard_wire::turn::{ReplyMessage, TurnReply};

use crate::error::TurnError;

/// What stands at the end of a text that was cut.
const ELLIPSIS: char = '…';

/// Says these texts, in order, and waits for the visitor.
pub fn say<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> TurnReply {
    let message = |text: T| ReplyMessage { text: text.into(), choices: Vec::new() };
    TurnReply { messages: texts.into_iter().map(message).collect(), ..TurnReply::default() }
}

/// Cuts a text that is longer than the longest message (8,000 characters) so that it fits with "…" at its end.
/// Shorter texts stay as they are.
#[must_use]
pub fn clip(mut text: String) -> String {
    // Bytes bound characters, so most texts are never counted.
    if text.len() > TEXT_CHARS && text.chars().nth(TEXT_CHARS).is_some() {
        let end = text.char_indices().nth(TEXT_CHARS - 1).map_or(text.len(), |(end, _)| end);
        text.truncate(end);
        text.push(ELLIPSIS);
    }
    text
}

/// Checks what the platform would refuse, so that the author reads why.
pub(crate) fn check(reply: &TurnReply) -> Result<(), TurnError> {
    reply::check(reply.clone())
        .map(drop)
        .map_err(|failure| TurnError::failed(format!("malformed reply: {}", failure.detail)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_domain::limits::CHOICES;
    use switchboard_wire::turn::ReplyChoice;

    #[test]
    fn only_what_is_too_long_is_cut() {
        let fits = "é".repeat(TEXT_CHARS);
        assert_eq!(clip(fits.clone()), fits);
        let cut = clip(format!("{fits}!"));
        assert_eq!(cut.chars().count(), TEXT_CHARS);
        assert_eq!(cut, format!("{}…", "é".repeat(TEXT_CHARS - 1)));
    }

    #[test]
    fn what_the_platform_refuses_is_refused_with_the_reason() {
        assert_eq!(check(&say(["a", "b"])), Ok(()));
        assert_eq!(check(&TurnReply::default()), Ok(()));
        let blank = check(&say(["fine", " \n"])).unwrap_err();
        assert!(blank.detail.starts_with("malformed reply: messages[1].text: "), "{blank}");
        assert!(check(&say(["a\0b"])).is_err());
        assert!(check(&say(["x".repeat(TEXT_CHARS + 1)])).is_err());
        let mut reply = say(["choose"]);
        let choice = ReplyChoice { label: "Yes".into(), value: "y".into() };
        reply.messages[0].choices = vec![choice.clone(); CHOICES];
        assert_eq!(check(&reply), Ok(()));
        reply.messages[0].choices.push(choice);
        assert!(check(&reply).is_err());
        reply.messages[0].choices = vec![ReplyChoice { label: " ".into(), value: "y".into() }];
        assert!(check(&reply).is_err());
    }
}
