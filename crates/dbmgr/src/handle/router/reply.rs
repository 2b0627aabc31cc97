//! From an automation's reply as it came to one that is valid. What is not acceptable makes the attempt a failed one.

use crate::halt::Outcome;
use switchboard_domain::automation::{Reply, Then};
use switchboard_domain::{TeamId, Text};
use switchboard_storage::{Tx, team};
use switchboard_wire::turn::{self, TurnReply};
use switchboard_wire::{Failure, reply};

/// Checks a reply.
pub(super) async fn check(tx: &mut Tx, reply: TurnReply) -> Outcome<Reply> {
    let reply = reply::check(reply)?;
    let mut note = Ok(None);
    let then = match reply.then {
        turn::Then::Wait => Then::Wait,
        turn::Then::Resolve => Then::Resolve,
        turn::Then::Handoff(handoff) => {
            let team = match handoff.team {
                Some(id) => Some(existing(tx, &id).await?),
                None => None,
            };
            note = handoff.note.map(Text::try_from).transpose();
            Then::Handoff { team, reason: handoff.reason }
        }
    };
    let note = note.map_err(|bad| Failure::invalid("then.handoff.note", &bad))?;
    Ok(Reply { messages: reply.messages, then, tags: reply.tags, note })
}

async fn existing(tx: &mut Tx, id: &str) -> Outcome<TeamId> {
    let unknown = || Failure::invalid("then.handoff.team", &format!("there is no team with the id {id:?}"));
    let id: TeamId = id.parse().map_err(|_| unknown())?;
    Ok(team::get(tx, &id).await?.ok_or_else(unknown)?.id)
}
