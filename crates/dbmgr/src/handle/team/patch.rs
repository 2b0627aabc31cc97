//! Changing a team.

use super::{check_answer, check_name, check_rules, show, taken};
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use serde_json::json;
use switchboard_domain::TeamId;
use switchboard_storage::{team, team_rules};
use switchboard_wire::call::team::{OneTeam, PatchTeam};
use switchboard_wire::{Failure, view};

impl Handle for PatchTeam {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneTeam> {
        let name = self.name.as_deref().map(check_name).transpose()?;
        let answer_s = self.answer_s.map(check_answer).transpose()?;
        let id: TeamId = self.id.parse().map_err(|_| Failure::not_found("team"))?;
        let before = team::get(&mut cx.tx, &id).await?.ok_or_else(|| Failure::not_found("team"))?;
        let mut after = before.clone();
        after.name = name.unwrap_or(after.name);
        after.answer_s = answer_s.unwrap_or(after.answer_s);
        let rules_before = team_rules::get(&mut cx.tx, &id).await?;
        let rules = match self.rules {
            Some(rules) => check_rules(cx, rules, Some(&id)).await?,
            None => rules_before.clone(),
        };
        if after != before || rules != rules_before {
            team::update(&mut cx.tx, &after).await.map_err(taken)?;
            team_rules::set(&mut cx.tx, &id, &rules).await?;
            let shown = view::TeamRules::from(&rules);
            let detail = json!({ "name": after.name, "answer_s": after.answer_s, "rules": shown });
            let report = Report::by(actor.staff()?, "team.changed").detail(detail);
            report.about("team", Some(id.as_str()), &before.name).write(cx).await?;
        }
        let members = team::members(&mut cx.tx).await?.remove(&id).unwrap_or_default();
        Ok(OneTeam { team: show(&after, &rules, members) })
    }
}
