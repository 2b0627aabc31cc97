//! From an automation's reply as it came to one that is valid. What is not acceptable makes the attempt a failed one.

use crate::cx::Cx;
use crate::halt::Outcome;
use crate::rules;
use switchboard_domain::automation::{Reply, Then};
use switchboard_domain::{TeamId, Text};
use switchboard_storage::{Tx, automation, team};
use switchboard_wire::turn::{self, TurnReply};
use switchboard_wire::{Failure, reply};

/// Checks a reply.
pub(super) async fn check(cx: &mut Cx, reply: TurnReply) -> Outcome<Reply> {
    let reply = reply::check(reply)?;
    let mut note = Ok(None);
    let then = match reply.then {
        turn::Then::Wait => Then::Wait,
        turn::Then::Resolve => Then::Resolve,
        turn::Then::Handoff(turn::Handoff { automation: Some(name), reason, .. }) => {
            pass(cx, &name, reason).await?
        }
        turn::Then::Handoff(handoff) => {
            let team = match handoff.team {
                Some(id) => Some(existing(&mut cx.tx, &id).await?),
                None => None,
            };
            note = handoff.note.map(Text::try_from).transpose();
            Then::Handoff { team, reason: handoff.reason }
        }
    };
    let note = note.map_err(|bad| Failure::invalid("then.handoff.note", &bad))?;
    Ok(Reply { messages: reply.messages, then, tags: reply.tags, note })
}

/// To another automation, locked so that it stays active until the commit. One that answers nobody now leaves the visitor
/// to people, and whoever takes over reads why.
async fn pass(cx: &mut Cx, name: &str, reason: Option<String>) -> Outcome<Then> {
    let found = automation::share(&mut cx.tx, name).await?.filter(|row| row.active);
    if let Some(row) = found {
        let ruled = rules::of(&mut cx.tx, name).await?;
        if rules::is_open(&mut cx.tx, &ruled, cx.now).await? {
            return Ok(Then::Pass { name: row.name, title: row.title });
        }
    }
    let away = format!("the automation {name} is not there now");
    let reason = reason.map_or_else(|| away.clone(), |reason| format!("{reason} ({away})"));
    Ok(Then::Handoff { team: None, reason: Some(reason) })
}

async fn existing(tx: &mut Tx, id: &str) -> Outcome<TeamId> {
    let unknown = || Failure::invalid("then.handoff.team", &format!("there is no team with the id {id:?}"));
    let id: TeamId = id.parse().map_err(|_| unknown())?;
    Ok(team::get(tx, &id).await?.ok_or_else(unknown)?.id)
}
