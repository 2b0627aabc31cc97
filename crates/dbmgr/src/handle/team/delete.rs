//! Deleting a team. Who waits for it waits on, at the same place: for the team that helps it out, or for everybody.

use crate::act;
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::TeamId;
use switchboard_storage::{team, team_rules};
use switchboard_wire::Failure;
use switchboard_wire::call::team::DeleteTeam;

impl Handle for DeleteTeam {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let id: TeamId = self.id.parse().map_err(|_| Failure::not_found("team"))?;
        let found = team::get(&mut cx.tx, &id).await?.ok_or_else(|| Failure::not_found("team"))?;
        let heir = team_rules::get(&mut cx.tx, &id).await?.overflow.map(|overflow| overflow.team);
        team::delete(&mut cx.tx, &id, heir.as_ref()).await?;
        let report = Report::by(actor.staff()?, "team.deleted");
        report.about("team", Some(id.as_str()), &found.name).write(cx).await?;
        // As many as fit; the router's sweep does the rest.
        act::regroup(cx, &id, heir.as_ref()).await.map(drop)
    }
}
