//! Making a canned reply.

use super::{bad, report, show, taken};
use crate::cx::Cx;
use crate::gate::{Actor, Staff};
use crate::halt::Outcome;
use crate::limits::CANNED_REPLIES;
use crate::run::Handle;
use switchboard_domain::canned::{Holder, shortcut, text};
use switchboard_domain::{CannedId, Role};
use switchboard_storage::canned::{self, Canned};
use switchboard_storage::team;
use switchboard_wire::Failure;
use switchboard_wire::call::canned::{AddCanned, OneCanned};

impl Handle for AddCanned {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneCanned> {
        let staff = actor.staff()?;
        let shortcut = shortcut(&self.shortcut).map_err(bad("shortcut"))?;
        let text = text(&self.text).map_err(bad("text"))?.as_str().to_owned();
        let holder = holder(cx, staff, &self.scope, self.team.as_deref()).await?;
        if canned::count(&mut cx.tx, &holder).await? >= CANNED_REPLIES {
            let reason = format!("there are {CANNED_REPLIES} already: delete one that is not used");
            return Err(Failure::invalid("shortcut", &reason).into());
        }
        let id = CannedId::random(cx.shared.rng.as_ref());
        let made = Canned { id, holder, shortcut, text, created_at: cx.now, updated_at: cx.now };
        canned::insert(&mut cx.tx, &made).await.map_err(taken)?;
        report(cx, staff, &made, "canned.added").await?;
        Ok(OneCanned { canned: show(&made) })
    }
}

/// Whose it will be, as far as this member of staff may make one.
async fn holder(cx: &mut Cx, staff: &Staff, scope: &str, team: Option<&str>) -> Outcome<Holder> {
    let holder = match (staff.role(), scope) {
        (Role::Agent, "own") => Holder::Own(staff.id().clone()),
        (Role::Admin, "all") => Holder::All,
        (Role::Admin, "team") => {
            let missing = || Failure::invalid("team", "name a team that there is");
            let id = team.and_then(|id| id.parse().ok()).ok_or_else(missing)?;
            Holder::Team(team::get(&mut cx.tx, &id).await?.ok_or_else(missing)?.id)
        }
        (Role::Agent, _) => return Err(Failure::invalid("scope", "agents keep their own: say own").into()),
        _ => {
            return Err(Failure::invalid("scope", "admins keep those of all and of a team: say which").into());
        }
    };
    Ok(holder)
}
