//! The way to the assistant, which is not the dbmgr's: over a bus, to whoever runs it.

use crate::edge::Edge;
use crate::limits::{ASSIST_BYTES, ASSIST_DEADLINE, ASSIST_ENTRIES};
use std::sync::Arc;
use switchboard_bus::{Caller, FAILURE_HEADER, RequestError};
use switchboard_wire::call::RequestRef;
use switchboard_wire::call::assist::{Assist, Assisted, Line, Writer};
use switchboard_wire::call::conversation::GetEntries;
use switchboard_wire::view::Entry;
use switchboard_wire::{Call as _, Credential, Failure, Problem, subject};

/// Asks it.
///
/// # Errors
/// [`Problem::NotFound`] when nobody is there: none is configured.
pub(crate) async fn ask(edge: &Edge, call: &Assist) -> Result<Assisted, Failure> {
    let internal = |e: serde_json::Error| Failure::new(Problem::Internal, e.to_string());
    let bus = edge.buses.last().ok_or_else(nobody)?;
    let caller = edge.assistant.get_or_try_init(|| Caller::new(Arc::clone(bus))).await;
    let caller = caller.map_err(|problem| Failure::unavailable(problem.to_string()))?;
    let request = RequestRef { by: &Credential::Component, call };
    let payload = serde_json::to_vec(&request).map_err(internal)?;
    let answer = match caller.request(&subject::call(Assist::NAME), payload, ASSIST_DEADLINE).await {
        Ok(answer) => answer,
        Err(RequestError::NoResponders) => return Err(nobody()),
        Err(other) => return Err(other.into()),
    };
    if answer.headers.get(FAILURE_HEADER).is_some() {
        return Err(serde_json::from_slice(&answer.payload).unwrap_or_else(internal));
    }
    serde_json::from_slice(&answer.payload).map_err(internal)
}

fn nobody() -> Failure {
    Failure::new(
        Problem::NotFound,
        "there is no assistant: whoever runs this installation can set [assistant] in its configuration",
    )
}

/// The newest entries of a conversation.
pub(crate) fn newest(id: String) -> GetEntries {
    GetEntries { id, after: None, before: Some(i64::MAX), limit: Some(ASSIST_ENTRIES) }
}

/// What was said, as far as it is sent: the newest, at most [`ASSIST_BYTES`] of it.
pub(crate) fn lines(entries: impl DoubleEndedIterator<Item = Entry>) -> Vec<Line> {
    let mut left = ASSIST_BYTES;
    let mut lines: Vec<Line> = entries
        .rev()
        .filter_map(|entry| line(&entry))
        .take_while(|line| {
            let fits = line.text.len() <= left;
            left = left.saturating_sub(line.text.len());
            fits
        })
        .collect();
    lines.reverse();
    lines
}

fn line(entry: &Entry) -> Option<Line> {
    let by = match (entry.kind.as_str(), entry.author.kind.as_str()) {
        ("note", _) => Writer::Note,
        ("message", "visitor") => Writer::Visitor,
        ("message", "automation") => Writer::Automation,
        ("message", _) => Writer::Agent,
        _ => return None,
    };
    let body: serde_json::Value = serde_json::from_str(entry.body.get()).ok()?;
    let text = body.get("text")?.as_str().filter(|text| !text.trim().is_empty())?;
    Some(Line { by, text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(kind: &str, author: &str, text: &str) -> Entry {
        serde_json::from_value(json!({
            "conversation": "c1", "seq": 1, "id": "e1", "at": "2026-07-01T10:00:00.000Z", "kind": kind,
            "author": {"kind": author, "name": "x"}, "body": {"text": text},
        }))
        .unwrap()
    }

    #[test]
    fn lines_are_what_was_said_and_the_newest_of_it() {
        let entries = [
            entry("message", "visitor", &"x".repeat(ASSIST_BYTES)),
            entry("event", "system", "?"),
            entry("message", "visitor", "hi"),
            entry("message", "automation", "hello"),
            entry("message", "agent", " "),
            entry("note", "agent", "a difficult one"),
        ];
        let said: Vec<(Writer, String)> =
            lines(entries.into_iter()).into_iter().map(|line| (line.by, line.text)).collect();
        let wanted =
            [(Writer::Visitor, "hi"), (Writer::Automation, "hello"), (Writer::Note, "a difficult one")];
        assert_eq!(said, wanted.map(|(by, text)| (by, text.to_owned())));
    }
}
