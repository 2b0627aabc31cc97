//! What an event of a stream says, or an answer in one piece.

use crate::trouble::Trouble;
use serde::Deserialize;

/// As much of it as it takes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Chunk {
    choices: Vec<Choice>,
    usage: Option<Usage>,
    error: Option<serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Choice {
    delta: Option<Said>,
    message: Option<Said>,
    finish_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    content: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Usage {
    total_tokens: u64,
}

/// What was said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Words.
    pub(crate) text: String,
    /// Why it ends here, if it does.
    pub(crate) end: Option<End>,
    /// What all of it has cost, where the endpoint says so.
    pub(crate) tokens: Option<u64>,
}

/// How an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// All is said.
    Whole,
    /// It would go on.
    Long,
    /// The endpoint did not let it speak.
    Filtered,
}

/// Reads the data of an event, or a whole answer.
pub(crate) fn read(data: &[u8]) -> Result<Piece, Trouble> {
    if data.trim_ascii() == b"[DONE]" {
        return Ok(Piece { end: Some(End::Whole), ..Piece::default() });
    }
    let chunk: Chunk =
        serde_json::from_slice(data).map_err(|_| Trouble::Nonsense("it does not speak the chat protocol"))?;
    if chunk.error.is_some_and(|error| !error.is_null()) {
        return Err(Trouble::Reported);
    }
    let tokens = chunk.usage.map(|usage| usage.total_tokens).filter(|tokens| *tokens > 0);
    let Some(choice) = chunk.choices.into_iter().next() else {
        return Ok(Piece { tokens, ..Piece::default() });
    };
    // Some say with each word that there is no reason yet, as an empty text.
    let end = choice.finish_reason.filter(|reason| !reason.is_empty()).map(|reason| match reason.as_str() {
        "length" => End::Long,
        "content_filter" => End::Filtered,
        _ => End::Whole,
    });
    let text = choice.delta.or(choice.message).and_then(|said| said.content).unwrap_or_default();
    Ok(Piece { text, end, tokens })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn piece(text: &str) -> Piece {
        read(text.as_bytes()).unwrap()
    }

    #[test]
    fn words_ends_and_costs_are_read() {
        assert_eq!(piece(r#"{"choices":[{"delta":{"role":"assistant"}}]}"#), Piece::default());
        assert_eq!(piece(r#"{"choices":[{"delta":{"content":"hi"}}]}"#).text, "hi");
        let early = piece(r#"{"choices":[{"delta":{"content":"hi"},"finish_reason":""}]}"#);
        assert_eq!(early, Piece { text: "hi".into(), ..Piece::default() }, "no reason is no end");
        let whole = piece(
            r#"{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}],"usage":{"total_tokens":7}}"#,
        );
        assert_eq!(whole, Piece { text: "hi".into(), end: Some(End::Whole), tokens: Some(7) });
        assert_eq!(piece(r#"{"choices":[{"delta":{},"finish_reason":"length"}]}"#).end, Some(End::Long));
        assert_eq!(piece(r#"{"choices":[],"usage":null}"#), Piece::default());
        assert_eq!(piece("[DONE]").end, Some(End::Whole));
    }

    #[test]
    fn what_is_not_the_protocol_is_said_without_its_words() {
        for bad in ["", "hello sk-secret", "[3]", "{\"choices\": 3}", "<html>", "null"] {
            let trouble = read(bad.as_bytes()).unwrap_err();
            assert!(!trouble.to_string().contains("secret"), "{trouble}");
        }
        assert_eq!(read(br#"{"error":{"message":"bad key sk-secret"}}"#), Err(Trouble::Reported));
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }
    }
}
