//! Saved views: an agent saves one for itself or for everybody, and keeps it; admins look after those of everybody.

mod add;
mod delete;
mod list;
mod patch;

use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Staff;
use crate::halt::{Halt, Outcome};
use switchboard_domain::clock::rfc3339;
use switchboard_domain::saved_view::{Audience, BadView, Filter, Part};
use switchboard_domain::{Role, SavedViewId, TeamId};
use switchboard_storage::saved_view::{self, SavedView};
use switchboard_storage::{Error, Unique};
use switchboard_wire::view::{self, ViewFilter};
use switchboard_wire::{Failure, Problem};

/// As it is shown.
fn show(saved: &SavedView) -> view::SavedView {
    let Filter { view, status, tag, team, q } = saved.filter.clone();
    let part = match view {
        Part::Mine => "mine",
        Part::Queue => "queue",
        Part::All => "all",
    };
    view::SavedView {
        id: saved.id.to_string(),
        name: saved.name.clone(),
        scope: saved.audience.as_str().into(),
        filter: ViewFilter {
            view: part.into(),
            status: status.map(|status| status.as_str().into()),
            tag,
            team: team.map(String::from),
            q,
        },
        by: saved.keeper.to_string(),
        by_name: saved.keeper_name.clone(),
        created_at: rfc3339(saved.created_at),
        updated_at: rfc3339(saved.updated_at),
    }
}

/// What a view is to show, as far as a list can show it.
fn filter(asked: ViewFilter) -> Result<Filter, Failure> {
    let view = match asked.view.as_str() {
        "mine" => Part::Mine,
        "queue" => Part::Queue,
        "all" => Part::All,
        _ => return Err(Failure::invalid("filter.view", "say mine, queue or all")),
    };
    let status = asked.status.filter(|status| !status.is_empty()).map(|status| status.parse());
    let status = status.transpose();
    let status = status.map_err(|()| Failure::invalid("filter.status", "say open, snoozed or resolved"))?;
    let team = asked.team.filter(|team| !team.is_empty()).map(|team| team.parse::<TeamId>());
    let team = team.transpose().map_err(|_| Failure::invalid("filter.team", "name a team by its id"))?;
    Filter { view, status, tag: asked.tag, team, q: asked.q }.checked().map_err(|bad| match bad {
        BadView::Prefix => Failure::invalid("filter.q", &bad),
        BadView::Tag(_) | BadView::Name => Failure::invalid("filter.tag", &bad),
    })
}

/// The one of this id, if it is this member of staff's to change. One that is only to be looked at is refused; of one that
/// is not even to be seen nothing is said.
async fn to_change(cx: &mut Cx, staff: &Staff, id: &str) -> Outcome<SavedView> {
    let unknown = || Failure::not_found("saved view");
    let id: SavedViewId = id.parse().map_err(|_| unknown())?;
    let saved = saved_view::get(&mut cx.tx, &id).await?.ok_or_else(unknown)?;
    match (staff.role(), saved.audience) {
        (Role::Agent, _) if saved.keeper == *staff.id() => Ok(saved),
        (Role::Admin, Audience::All) => Ok(saved),
        (Role::Agent, Audience::All) => {
            let detail =
                "only who saved it and admins change what everybody sees: save one of your own instead";
            Err(Failure::new(Problem::Forbidden, detail).into())
        }
        (Role::Agent | Role::Admin | Role::SuperAdmin, _) => Err(unknown().into()),
    }
}

/// Notes what was done to one that everybody sees.
async fn report(cx: &mut Cx, staff: &Staff, saved: &SavedView, action: &'static str) -> Outcome<()> {
    if saved.audience == Audience::Own {
        return Ok(());
    }
    let detail = serde_json::json!({ "filter": saved.filter });
    Report::by(staff, action)
        .detail(detail)
        .about("saved_view", Some(saved.id.as_str()), &saved.name)
        .write(cx)
        .await
}

/// A name that is there already is refused.
fn taken(error: Error) -> Halt {
    match error {
        Error::Conflict(Unique::ViewName) => {
            let mut failure =
                Failure::new(Problem::Taken, "there is a view with this name already: choose another name");
            failure.errors.insert("name".into(), "taken".into());
            Halt::Refused(failure)
        }
        error => error.into(),
    }
}
