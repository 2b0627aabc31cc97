//! Teams.

mod add;
mod list;
mod patch;

use crate::halt::Halt;
use crate::limits::ANSWER_S;
use switchboard_domain::account::shown_name;
use switchboard_domain::clock::rfc3339;
use switchboard_storage::team::Team;
use switchboard_storage::{Error, Unique};
use switchboard_wire::{Failure, Problem, view};

/// A team as it is shown.
fn show(team: &Team, members: i64) -> view::Team {
    view::Team {
        id: team.id.to_string(),
        name: team.name.clone(),
        answer_s: team.answer_s,
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
