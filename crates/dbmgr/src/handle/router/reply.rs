//! From an automation's reply as it came to one that is valid. What is not acceptable makes the attempt a failed one.

use crate::halt::Outcome;
use switchboard_domain::automation::{Reply, Then};
use switchboard_domain::limits::{CHOICE_CHARS, CHOICES, PAGE_ITEMS, TAGS};
use switchboard_domain::message::Choice;
use switchboard_domain::tag::tag;
use switchboard_domain::{TeamId, Text};
use switchboard_storage::{Tx, team};
use switchboard_wire::Failure;
use switchboard_wire::turn::{self, ReplyChoice, ReplyMessage, TurnReply};

/// Longest reason of a handoff that is kept, in characters.
const REASON_CHARS: usize = 500;

/// Checks a reply.
pub(super) async fn check(tx: &mut Tx, reply: TurnReply) -> Outcome<Reply> {
    // Far above what is applied: the rest of a long reply is dropped, but not read without end either.
    if reply.messages.len() > usize::try_from(PAGE_ITEMS).unwrap_or_default() {
        return Err(Failure::invalid("messages", "too many messages in one reply").into());
    }
    let messages = reply.messages.into_iter().map(message).collect::<Result<Vec<_>, _>>()?;
    let tags = reply.tags.iter().map(|text| tag(text)).collect::<Result<Vec<_>, _>>();
    let tags = tags.map_err(|reason| Failure::invalid("tags", &reason))?;
    if tags.len() > TAGS {
        return Err(Failure::invalid("tags", &format!("at most {TAGS} tags")).into());
    }
    let then = match reply.then {
        turn::Then::Wait => Then::Wait,
        turn::Then::Resolve => Then::Resolve,
        turn::Then::Handoff(handoff) => {
            let team = match handoff.team {
                Some(id) => Some(existing(tx, &id).await?),
                None => None,
            };
            let reason =
                handoff.reason.map(|text| text.trim().chars().take(REASON_CHARS).collect::<String>());
            Then::Handoff { team, reason: reason.filter(|text| !text.is_empty()) }
        }
    };
    Ok(Reply { messages, then, tags })
}

fn message(message: ReplyMessage) -> Result<(Text, Vec<Choice>), Failure> {
    let text = Text::try_from(message.text).map_err(|reason| Failure::invalid("messages.text", &reason))?;
    if message.choices.len() > CHOICES {
        return Err(Failure::invalid("messages.choices", &format!("at most {CHOICES} choices")));
    }
    let choices = message.choices.into_iter().map(choice).collect::<Result<Vec<_>, _>>()?;
    Ok((text, choices))
}

fn choice(choice: ReplyChoice) -> Result<Choice, Failure> {
    let fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= CHOICE_CHARS;
    if !fits(&choice.label) || !fits(&choice.value) {
        let reason = format!("label and value have 1 to {CHOICE_CHARS} characters");
        return Err(Failure::invalid("messages.choices", &reason));
    }
    Ok(Choice { label: choice.label, value: choice.value })
}

async fn existing(tx: &mut Tx, id: &str) -> Outcome<TeamId> {
    let unknown = || Failure::invalid("then.handoff.team", &format!("there is no team with the id {id:?}"));
    let id: TeamId = id.parse().map_err(|_| unknown())?;
    Ok(team::get(tx, &id).await?.ok_or_else(unknown)?.id)
}
