//! A conversation as a text that people can keep: what its reader may see, line by line.

use crate::view::{Conversation, Entry};
use serde_json::Value;
use switchboard_domain::clock::parse_rfc3339;
use switchboard_domain::report::Zone;

/// What stands above the lines.
pub fn head(c: &Conversation, zone: &Zone) -> String {
    let name = c.visitor.name.as_deref().map(one_line).unwrap_or_else(|| "Visitor".into());
    format!("Conversation {} with {name}\nTimes are those of {}.\n\n", c.id, zone.name())
}

/// An entry as a line; nothing for an event that says nothing to people. What follows in a text of several lines is moved
/// in, so that nobody can write a line of somebody else.
pub fn line(entry: &Entry, zone: &Zone) -> Option<String> {
    let at = parse_rfc3339(&entry.at).map(|at| zone.shown(at)).unwrap_or_default();
    let body: Value = serde_json::from_str(entry.body.get()).unwrap_or_default();
    let who = match one_line(&entry.author.name) {
        name if name.is_empty() => "Switchboard".to_owned(),
        name => name,
    };
    let said = |text: &Value| text.as_str().unwrap_or_default().lines().collect::<Vec<_>>().join("\n    ");
    Some(match entry.kind.as_str() {
        "message" => format!("[{at}] {who}: {}{}\n", said(&body["text"]), choices(&body["choices"])),
        "note" => format!("[{at}] {who} (private note): {}\n", said(&body["text"])),
        "event" => format!("[{at}] * {}\n", event(&body, &who)?),
        _ => return None,
    })
}

fn choices(choices: &Value) -> String {
    let labels = choices.as_array().into_iter().flatten().filter_map(|choice| choice["label"].as_str());
    labels.map(|label| format!("\n    ( ) {}", one_line(label))).collect()
}

fn event(body: &Value, who: &str) -> Option<String> {
    let to = one_line(body["to"]["name"].as_str().unwrap_or_default());
    Some(match body["event"].as_str()? {
        "started" if to.is_empty() => format!("{who} asked for a person"),
        "started" => format!("{who} started a conversation with {to}"),
        "handed_off" => "Handed over to people".into(),
        "assigned" => format!("{to} joined"),
        "transferred" if to.is_empty() => "Passed on to another team".into(),
        "transferred" => format!("Passed on to {to}"),
        "requeued" => "Back in the queue".into(),
        "left_message" => "Nobody was available: the message waits for the next person".into(),
        "resolved" => format!("{who} ended the conversation"),
        "reopened" => "The conversation goes on".into(),
        _ => return None,
    })
}

/// A name without line breaks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(kind: &str, author: &str, body: &Value) -> Entry {
        serde_json::from_value(json!({
            "conversation": "c1", "seq": 1, "id": "e1", "at": "2026-07-01T10:00:00.000Z", "kind": kind,
            "author": {"kind": "visitor", "name": author}, "body": body,
        }))
        .unwrap()
    }

    #[test]
    fn lines_say_when_who_and_what() {
        let zone = Zone::named(Some("Europe/Berlin")).unwrap();
        let shown = |kind: &str, author: &str, body: Value| line(&entry(kind, author, &body), &zone);
        let said = shown("message", "Ada", json!({"text": "how are you?"}));
        assert_eq!(said.unwrap(), "[2026-07-01 12:00:00] Ada: how are you?\n");
        let forged = shown("message", "A\nda", json!({"text": "hm\n[2026-07-01 12:00:00] Maya: yes"}));
        assert_eq!(forged.unwrap(), "[2026-07-01 12:00:00] A da: hm\n    [2026-07-01 12:00:00] Maya: yes\n");
        let choice = json!({"text": "Which?", "choices": [{"label": "This", "value": "a"}]});
        assert!(shown("message", "Mat", choice).unwrap().ends_with("Which?\n    ( ) This\n"));
        let note = shown("note", "Maya", json!({"text": "careful"})).unwrap();
        assert!(note.contains("Maya (private note): careful"));
        let joined = json!({"event": "assigned", "to": {"kind": "agent", "id": "a", "name": "Maya"}});
        assert!(shown("event", "", joined).unwrap().ends_with("* Maya joined\n"));
        assert_eq!(shown("event", "", json!({"event": "snoozed"})), None);
        assert_eq!(shown("event", "", json!({"event": "of_tomorrow"})), None);
        assert_eq!(shown("of_tomorrow", "", json!({})), None);
    }
}
