//! A turn's history as lines.

use serde::Deserialize;
use switchboard_sdk::TurnRequest;
use switchboard_wire::call::assist::{Line, Writer};

/// As much of an entry as it takes.
#[derive(Deserialize)]
struct Seen {
    seq: i64,
    kind: String,
    author: Author,
    body: Body,
}

#[derive(Deserialize)]
struct Author {
    kind: String,
}

#[derive(Deserialize)]
struct Body {
    text: Option<String>,
}

/// The messages before those that are to be answered, oldest first.
pub(crate) fn earlier(turn: &TurnRequest) -> Vec<Line> {
    let first = turn.messages.first().map_or(i64::MAX, |message| message.seq);
    let seen = turn.history.iter().filter_map(|entry| serde_json::from_str::<Seen>(entry.get()).ok());
    let messages = seen.filter(|entry| entry.kind == "message" && entry.seq < first);
    let line = |entry: Seen| {
        let by = match entry.author.kind.as_str() {
            "visitor" => Writer::Visitor,
            "automation" => Writer::Automation,
            _ => Writer::Agent,
        };
        Some(Line { by, text: entry.body.text? })
    };
    messages.filter_map(line).collect()
}

/// All of it, what is to be answered included.
pub(crate) fn all(turn: &TurnRequest) -> Vec<Line> {
    let now = turn.messages.iter().map(|message| Line { by: Writer::Visitor, text: message.text.clone() });
    earlier(turn).into_iter().chain(now).collect()
}

/// What is looked for when the question alone finds nothing: it may go on from what was asked before.
pub(crate) fn wider(earlier: &[Line], question: &str) -> Option<String> {
    let before = earlier.iter().rev().filter(|line| line.by == Writer::Visitor).take(2);
    let mut before: Vec<&str> = before.map(|line| line.text.as_str()).collect();
    if before.is_empty() {
        return None;
    }
    before.reverse();
    Some(format!("{}\n{question}", before.join("\n")))
}
