//! Making a team.

use super::{check_answer, check_name, check_rules, show, taken};
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::limits::DEFAULT_ANSWER_MS;
use switchboard_domain::{TeamId, TeamRules};
use switchboard_storage::{team, team_rules};
use switchboard_wire::call::team::{AddTeam, OneTeam};

impl Handle for AddTeam {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneTeam> {
        let made = team::Team {
            id: TeamId::random(cx.shared.rng.as_ref()),
            name: check_name(&self.name)?,
            answer_s: check_answer(self.answer_s.unwrap_or(DEFAULT_ANSWER_MS / 1_000))?,
            created_at: cx.now,
        };
        let rules = match self.rules {
            Some(rules) => check_rules(cx, rules, None).await?,
            None => TeamRules::default(),
        };
        team::insert(&mut cx.tx, &made).await.map_err(taken)?;
        if rules != TeamRules::default() {
            team_rules::set(&mut cx.tx, &made.id, &rules).await?;
        }
        let report = Report::by(actor.staff()?, "team.added");
        report.about("team", Some(made.id.as_str()), &made.name).write(cx).await?;
        Ok(OneTeam { team: show(&made, &rules, 0) })
    }
}
