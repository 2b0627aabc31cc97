//! Canned replies: an agent keeps its own, admins keep those of teams and everybody.

mod add;
mod delete;
mod list;
mod patch;

use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Staff;
use crate::halt::{Halt, Outcome};
use switchboard_domain::canned::{BadCanned, Holder};
use switchboard_domain::clock::rfc3339;
use switchboard_domain::{CannedId, Role};
use switchboard_storage::canned::{self, Canned};
use switchboard_storage::{Error, Unique, team};
use switchboard_wire::{Failure, Problem, view};

/// As it is shown.
fn show(canned: &Canned) -> view::CannedReply {
    view::CannedReply {
        id: canned.id.to_string(),
        shortcut: canned.shortcut.clone(),
        text: canned.text.clone(),
        scope: canned.holder.scope().into(),
        team: match &canned.holder {
            Holder::Team(team) => Some(team.to_string()),
            Holder::All | Holder::Own(_) => None,
        },
        created_at: rfc3339(canned.created_at),
        updated_at: rfc3339(canned.updated_at),
    }
}

/// Those whose canned replies this agent may send.
async fn holders(cx: &mut Cx, agent: &Staff) -> Outcome<Vec<Holder>> {
    let teams = team::of_account(&mut cx.tx, agent.id()).await?;
    let shared = [Holder::All, Holder::Own(agent.id().clone())];
    Ok(shared.into_iter().chain(teams.into_iter().map(Holder::Team)).collect())
}

/// The one of this id, if it is this member of staff's to change. One that is only to be sent is refused; of one that is
/// not even to be seen nothing is said.
async fn to_change(cx: &mut Cx, staff: &Staff, id: &str) -> Outcome<Canned> {
    let unknown = || Failure::not_found("canned reply");
    let id: CannedId = id.parse().map_err(|_| unknown())?;
    let canned = canned::get(&mut cx.tx, &id).await?.ok_or_else(unknown)?;
    let own = matches!(&canned.holder, Holder::Own(agent) if agent == staff.id());
    let shared = !matches!(canned.holder, Holder::Own(_));
    match staff.role() {
        Role::Agent if own => Ok(canned),
        Role::Agent if holders(cx, staff).await?.contains(&canned.holder) => {
            let detail = "only admins change what others send too: make one of your own instead";
            Err(Failure::new(Problem::Forbidden, detail).into())
        }
        Role::Admin if shared => Ok(canned),
        Role::Agent | Role::Admin | Role::SuperAdmin => Err(unknown().into()),
    }
}

/// Notes what an admin did to one that others send.
async fn report(cx: &mut Cx, staff: &Staff, canned: &Canned, action: &'static str) -> Outcome<()> {
    if matches!(canned.holder, Holder::Own(_)) {
        return Ok(());
    }
    let detail = serde_json::json!({ "scope": canned.holder.scope(), "text": canned.text });
    let report = Report::by(staff, action).detail(detail);
    report.about("canned_reply", Some(canned.id.as_str()), &canned.shortcut).write(cx).await
}

fn bad(field: &'static str) -> impl Fn(BadCanned) -> Failure {
    move |reason| Failure::invalid(field, &reason)
}

/// A shortcut that the holder has already is refused.
fn taken(error: Error) -> Halt {
    match error {
        Error::Conflict(Unique::Shortcut) => {
            let detail = "there is one with this shortcut already: choose another shortcut";
            let mut failure = Failure::new(Problem::Taken, detail);
            failure.errors.insert("shortcut".into(), "taken".into());
            Halt::Refused(failure)
        }
        error => error.into(),
    }
}
