//! A conversation as a text that people can keep: what its reader may see, line by line.

mod words;

use crate::view::{Conversation, Entry};
use serde_json::Value;
use switchboard_domain::clock::parse_rfc3339;
use switchboard_domain::report::Zone;

pub use words::Words;

/// What stands above the lines.
pub fn head(c: &Conversation, zone: &Zone, words: &Words) -> String {
    let name = c.visitor.name.as_deref().map(one_line).unwrap_or_else(|| words.visitor.into());
    let title = filled(words.conversation, &[("{id}", &c.id), ("{name}", &name)]);
    let times = filled(words.times, &[("{zone}", zone.name())]);
    format!("{title}\n{times}\n\n")
}

/// An entry as a line; nothing for an event that says nothing to people. What follows in a text of several lines is moved
/// in, so that nobody can write a line of somebody else.
pub fn line(entry: &Entry, zone: &Zone, words: &Words) -> Option<String> {
    let at = parse_rfc3339(&entry.at).map(|at| zone.shown(at)).unwrap_or_default();
    let body: Value = serde_json::from_str(entry.body.get()).unwrap_or_default();
    let who = match one_line(&entry.author.name) {
        name if name.is_empty() => "Switchboard".to_owned(),
        name => name,
    };
    let said = |text: &Value| text.as_str().unwrap_or_default().lines().collect::<Vec<_>>().join("\n    ");
    Some(match entry.kind.as_str() {
        "message" => format!("[{at}] {who}: {}{}\n", said(&body["text"]), choices(&body["choices"])),
        // Only staff reads these.
        "note" => format!("[{at}] {who} (private note): {}\n", said(&body["text"])),
        "event" => format!("[{at}] * {}\n", event(&body, &who, words)?),
        _ => return None,
    })
}

fn choices(choices: &Value) -> String {
    let labels = choices.as_array().into_iter().flatten().filter_map(|choice| choice["label"].as_str());
    labels.map(|label| format!("\n    ( ) {}", one_line(label))).collect()
}

fn event(body: &Value, who: &str, words: &Words) -> Option<String> {
    let to = one_line(body["to"]["name"].as_str().unwrap_or_default());
    let text = match body["event"].as_str()? {
        "started" if to.is_empty() => words.asked,
        "started" => words.started,
        "handed_off" => words.handed_off,
        "assigned" => words.assigned,
        "transferred" if to.is_empty() => words.other_team,
        "transferred" => words.transferred,
        "requeued" => words.requeued,
        "left_message" => words.left_message,
        "resolved" => words.resolved,
        "reopened" => words.reopened,
        _ => return None,
    };
    Some(filled(text, &[("{who}", who), ("{to}", &to)]))
}

/// With what belongs in its places; what comes in is not looked through again.
fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut said = String::new();
    let mut rest = text;
    while let Some((at, (place, value))) =
        values.iter().filter_map(|pair| Some((rest.find(pair.0)?, pair))).min_by_key(|(at, _)| *at)
    {
        said.push_str(&rest[..at]);
        said.push_str(value);
        rest = &rest[at + place.len()..];
    }
    said + rest
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
        let shown =
            |kind: &str, author: &str, body: Value| line(&entry(kind, author, &body), &zone, Words::of(None));
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

    #[test]
    fn every_language_says_every_event_without_a_place_left_open() {
        let zone = Zone::named(Some("Europe/Berlin")).unwrap();
        let to = json!({"kind": "agent", "id": "a", "name": "{who}"});
        let events = [
            json!({"event": "started"}),
            json!({"event": "started", "to": to}),
            json!({"event": "handed_off"}),
            json!({"event": "assigned", "to": to}),
            json!({"event": "transferred"}),
            json!({"event": "transferred", "to": to}),
            json!({"event": "requeued"}),
            json!({"event": "left_message"}),
            json!({"event": "resolved"}),
            json!({"event": "reopened"}),
        ];
        for words in &words::ALL {
            let mut lines: Vec<String> = Vec::new();
            for body in &events {
                let line = line(&entry("event", "Ada", body), &zone, words).unwrap();
                let own = line.replace("{who}", "");
                assert!(!own.contains(['{', '}']), "{}: {line}", words.language);
                assert!(line.contains("{who}") || body.get("to").is_none(), "{}: {line}", words.language);
                lines.push(line);
            }
            for index in [0, 1, 8] {
                assert!(lines[index].contains("Ada"), "{}: {}", words.language, lines[index]);
            }
            assert!(!words.goes_on.is_empty() && !words.visitor.is_empty());
            for place in ["{id}", "{name}"] {
                assert_eq!(words.conversation.matches(place).count(), 1, "{}", words.language);
            }
            assert_eq!(words.times.matches("{zone}").count(), 1, "{}", words.language);
        }
        let joined = json!({"event": "assigned", "to": {"kind": "agent", "id": "a", "name": "Maya"}});
        let german = line(&entry("event", "", &joined), &zone, Words::of(Some("de_AT"))).unwrap();
        assert!(german.ends_with("* Maya ist jetzt dabei\n"), "{german}");
        assert_eq!(Words::of(Some("ja")), Words::of(None));
    }
}
