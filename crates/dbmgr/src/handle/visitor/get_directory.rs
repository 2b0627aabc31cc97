//! What a visitor may start with.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::settings;
use crate::limits::TEAMS;
use crate::run::Handle;
use std::collections::HashSet;
use switchboard_domain::limits::PAGE_ITEMS;
use switchboard_domain::{AccountId, Presence, TeamId, TeamRules, clock::rfc3339};
use switchboard_storage::{article, automation, presence, team, team_rules};
use switchboard_wire::call::visitor::GetVisitorDirectory;
use switchboard_wire::view::{People, PreChat, VisitorAutomation, VisitorDirectory, VisitorTeam};

impl Handle for GetVisitorDirectory {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<VisitorDirectory> {
        let (tx, now) = (&mut cx.tx, cx.now);
        let automations = automation::list(tx, None, PAGE_ITEMS).await?;
        let automations = automations.into_iter().filter(|row| row.active && row.public);
        let automations = automations.map(|row| VisitorAutomation {
            name: row.name,
            title: row.title,
            description: row.description,
        });
        let online = presence::present(tx).await?.into_iter();
        let online = online.filter(|row| row.presence == Presence::Online).map(|row| row.account);
        let online: Vec<AccountId> = online.collect();
        let there: HashSet<TeamId> = team::of_accounts(tx, &online).await?.into_values().flatten().collect();
        let rules = team_rules::all(tx, TEAMS).await?;
        let default = TeamRules::default();
        let of = |team: &TeamId| rules.get(team).unwrap_or(&default);
        let takes = |team: &TeamId| of(team).is_open(now) && there.contains(team);
        let helped = |team: &TeamId| of(team).overflow.as_ref().is_some_and(|helper| takes(&helper.team));
        let teams = team::list(tx, None, PAGE_ITEMS).await?.into_iter();
        let teams = teams.map(|row| VisitorTeam {
            available: of(&row.id).is_open(now) && (takes(&row.id) || helped(&row.id)),
            opens_at: of(&row.id).opens_at(now).map(rfc3339),
            id: row.id.into(),
            name: row.name,
        });
        let people = People { available: !online.is_empty(), teams: teams.collect() };
        let form = settings::load(tx).await?.pre_chat;
        let pre_chat = form.asks().then(|| PreChat::from(&form));
        let help = article::any_published(&mut cx.tx).await?;
        Ok(VisitorDirectory { automations: automations.collect(), people, pre_chat, help })
    }
}
