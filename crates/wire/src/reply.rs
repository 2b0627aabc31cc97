//! From an automation's reply as it came to one that can be applied. What is not acceptable makes the attempt a failed
//! one; the router, the SDK and `switchboard turn` check by the same rules.

use crate::failure::Failure;
use crate::turn::{Handoff, ReplyChoice, ReplyMessage, Then, TurnReply};
use switchboard_domain::Text;
use switchboard_domain::automation::is_name;
use switchboard_domain::limits::{CHOICE_CHARS, CHOICES, TAGS};
use switchboard_domain::message::Choice;
use switchboard_domain::tag::tag;

/// Messages of one reply that are read. Far above what is applied: the rest of a long reply is dropped, but not read
/// without end either.
pub const REPLY_MESSAGES: usize = 200;
/// Longest reason of a handoff that is kept, in characters.
const REASON_CHARS: usize = 500;

/// A reply that can be applied, but for the team that it may name: whether that exists, the database knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it says, in order.
    pub messages: Vec<(Text, Vec<Choice>)>,
    /// What comes next; the reason of a handoff is trimmed and cut.
    pub then: Then,
    /// Tags to add.
    pub tags: Vec<String>,
}

/// Checks a reply.
///
/// # Errors
/// [`Failure::invalid`] that names the field and says what is wrong with it.
pub fn check(reply: TurnReply) -> Result<Checked, Failure> {
    if reply.messages.len() > REPLY_MESSAGES {
        return Err(Failure::invalid("messages", &format!("at most {REPLY_MESSAGES} messages are read")));
    }
    let messages = reply.messages.into_iter().enumerate().map(|(place, one)| message(place, one));
    let messages = messages.collect::<Result<Vec<_>, _>>()?;
    let tags = reply.tags.iter().map(|text| tag(text)).collect::<Result<Vec<_>, _>>();
    let tags = tags.map_err(|reason| Failure::invalid("tags", &reason))?;
    if tags.len() > TAGS {
        return Err(Failure::invalid("tags", &format!("at most {TAGS} tags")));
    }
    let then = match reply.then {
        Then::Handoff(Handoff { automation: Some(_), team: Some(_), .. }) => {
            let reason = "name a team or an automation, not both";
            return Err(Failure::invalid("then.handoff.automation", &reason));
        }
        Then::Handoff(Handoff { automation: Some(name), .. }) if !is_name(&name) => {
            let reason = "an automation's name is 1 to 26 characters of a-z, 0-9, - and _";
            return Err(Failure::invalid("then.handoff.automation", &reason));
        }
        Then::Handoff(Handoff { team, reason, note, automation }) => {
            let reason = reason.map(|text| text.trim().chars().take(REASON_CHARS).collect::<String>());
            let reason = reason.filter(|text| !text.is_empty());
            let note = note.filter(|text| !text.trim().is_empty());
            let note = note.map(Text::try_from).transpose();
            let note = note.map_err(|bad| Failure::invalid("then.handoff.note", &bad))?;
            let note = note.map(|text| text.as_str().to_owned());
            Then::Handoff(Handoff { team, reason, note, automation })
        }
        then => then,
    };
    Ok(Checked { messages, then, tags })
}

fn message(place: usize, message: ReplyMessage) -> Result<(Text, Vec<Choice>), Failure> {
    let field = |name: &str| format!("messages[{place}].{name}");
    let text = Text::try_from(message.text).map_err(|reason| Failure::invalid(&field("text"), &reason))?;
    if message.choices.len() > CHOICES {
        return Err(Failure::invalid(&field("choices"), &format!("at most {CHOICES} choices")));
    }
    let choice = |choice: ReplyChoice| {
        let fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= CHOICE_CHARS;
        if !fits(&choice.label) || !fits(&choice.value) {
            let reason = format!("label and value have 1 to {CHOICE_CHARS} characters");
            return Err(Failure::invalid(&field("choices"), &reason));
        }
        Ok(Choice { label: choice.label, value: choice.value })
    };
    let choices = message.choices.into_iter().map(choice).collect::<Result<Vec<_>, _>>()?;
    Ok((text, choices))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Checked, Failure> {
        check(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn what_fits_is_taken_and_a_reason_is_tidied() {
        let reply = r#"{"messages": [{"text": " hi ", "choices": [{"label": "Yes", "value": "y"}]}],
                        "then": {"handoff": {"reason": " \n "}}, "tags": ["Order"]}"#;
        let checked = read(reply).unwrap();
        assert_eq!(checked.messages[0].0.as_str(), "hi");
        assert_eq!(checked.then, Then::Handoff(Handoff::default()));
        assert_eq!(checked.tags.len(), 1);
    }

    #[test]
    fn what_does_not_is_named() {
        let long = format!(r#"{{"messages": [{{"text": "{}"}}]}}"#, "x".repeat(8_001));
        let many =
            format!(r#"{{"messages": [{}{{"text": "x"}}]}}"#, r#"{"text": "x"},"#.repeat(REPLY_MESSAGES));
        for (reply, field) in [
            (r#"{"messages": [{"text": "fine"}, {"text": " "}]}"#, "messages[1].text"),
            (
                r#"{"messages": [{"text": "a", "choices": [{"label": " ", "value": "y"}]}]}"#,
                "messages[0].choices",
            ),
            (r#"{"tags": [" "]}"#, "tags"),
            (r#"{"then": {"handoff": {"note": "a\u0000b"}}}"#, "then.handoff.note"),
            (r#"{"then": {"handoff": {"automation": "a b"}}}"#, "then.handoff.automation"),
            (r#"{"then": {"handoff": {"automation": "a", "team": "t"}}}"#, "then.handoff.automation"),
            (&long, "messages[0].text"),
            (&many, "messages"),
        ] {
            let refused = read(reply).unwrap_err();
            assert!(refused.errors.contains_key(field), "{refused}: {field}");
        }
    }
}
