//! Changing a team.

use super::{check_answer, check_name, show, taken};
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use serde_json::json;
use switchboard_domain::TeamId;
use switchboard_storage::team;
use switchboard_wire::Failure;
use switchboard_wire::call::team::{OneTeam, PatchTeam};

impl Handle for PatchTeam {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneTeam> {
        let name = self.name.as_deref().map(check_name).transpose()?;
        let answer_s = self.answer_s.map(check_answer).transpose()?;
        let id: TeamId = self.id.parse().map_err(|_| Failure::not_found("team"))?;
        let before = team::get(&mut cx.tx, &id).await?.ok_or_else(|| Failure::not_found("team"))?;
        let mut after = before.clone();
        after.name = name.unwrap_or(after.name);
        after.answer_s = answer_s.unwrap_or(after.answer_s);
        if after != before {
            team::update(&mut cx.tx, &after).await.map_err(taken)?;
            let detail = json!({ "name": after.name, "answer_s": after.answer_s });
            let report = Report::by(actor.staff()?, "team.changed").detail(detail);
            report.about("team", Some(id.as_str()), &before.name).write(cx).await?;
        }
        let members = team::members(&mut cx.tx).await?.remove(&id).unwrap_or_default();
        Ok(OneTeam { team: show(&after, members) })
    }
}
