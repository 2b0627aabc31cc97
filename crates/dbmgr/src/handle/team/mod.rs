//! Teams.

mod add;
mod delete;
mod list;
mod patch;

use crate::cx::Cx;
use crate::halt::{Halt, Outcome};
use crate::limits::ANSWER_S;
use std::ops::RangeInclusive;
use switchboard_domain::account::shown_name;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::hours::Hours;
use switchboard_domain::team::{OVERFLOW_S, Overflow, SILENT_S, WIDEN_S};
use switchboard_domain::{TeamId, TeamRules};
use switchboard_storage::team::{self, Team};
use switchboard_storage::{Error, Unique};
use switchboard_wire::{Failure, Problem, view};

/// A team as it is shown.
fn show(team: &Team, rules: &TeamRules, members: i64) -> view::Team {
    view::Team {
        id: team.id.to_string(),
        name: team.name.clone(),
        answer_s: team.answer_s,
        rules: rules.into(),
        members,
        created_at: rfc3339(team.created_at),
    }
}

fn check_name(name: &str) -> Result<String, Failure> {
    shown_name(name).map_err(|reason| Failure::invalid("name", &reason))
}

fn check_answer(answer_s: i64) -> Result<i64, Failure> {
    if ANSWER_S.contains(&answer_s) {
        return Ok(answer_s);
    }
    let (least, most) = (ANSWER_S.start(), ANSWER_S.end());
    Err(Failure::invalid("answer_s", &format!("give {least} to {most} seconds")))
}

/// Checks how a team is to work; `own` is the team itself, if it exists.
async fn check_rules(cx: &mut Cx, rules: view::TeamRules, own: Option<&TeamId>) -> Outcome<TeamRules> {
    let hours = rules.hours.map(Hours::from);
    if let Some(hours) = &hours {
        hours.check(cx.now).map_err(|reason| Failure::invalid("rules.hours", &reason))?;
    }
    let seconds = |field: &str, given: i64, bounds: RangeInclusive<i64>| {
        if bounds.contains(&given) {
            return Ok(given);
        }
        Err(Failure::invalid(field, &format!("give {} to {} seconds", bounds.start(), bounds.end())))
    };
    let widen_s = seconds("rules.widen_s", rules.widen_s, WIDEN_S)?;
    let silent_s = seconds("rules.silent_s", rules.silent_s, SILENT_S)?;
    let overflow = match rules.overflow {
        Some(overflow) => {
            let after_s = seconds("rules.overflow.after_s", overflow.after_s, OVERFLOW_S)?;
            let team = helper(cx, &overflow.team, own).await?;
            Some(Overflow { team, after_s })
        }
        None => None,
    };
    Ok(TeamRules { hours, widen_s, silent_s, overflow })
}

/// The team that helps out: another one, which exists.
async fn helper(cx: &mut Cx, id: &str, own: Option<&TeamId>) -> Outcome<TeamId> {
    let refused = |reason: &str| Failure::invalid("rules.overflow.team", reason);
    let found: TeamId = id.parse().map_err(|_| refused("there is no such team"))?;
    if Some(&found) == own {
        return Err(refused("a team cannot help itself out: choose another one").into());
    }
    let there = team::get(&mut cx.tx, &found).await?;
    Ok(there.ok_or_else(|| refused("there is no such team"))?.id)
}

/// A name that another team has is refused.
fn taken(error: Error) -> Halt {
    match error {
        Error::Conflict(Unique::TeamName) => {
            let mut failure = Failure::new(Problem::Taken, "another team has this name: choose another one");
            failure.errors.insert("name".into(), "taken".into());
            Halt::Refused(failure)
        }
        error => error.into(),
    }
}
