//! What a visitor may start with.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::settings;
use crate::limits::{FOUND, TEAMS};
use crate::run::Handle;
use std::collections::HashSet;
use switchboard_domain::automation_rules::Outside;
use switchboard_domain::limits::PAGE_ITEMS;
use switchboard_domain::{AccountId, Presence, TeamId, TeamRules, clock::rfc3339};
use switchboard_storage::{article, automation, automation_rules, presence, team, team_rules};
use switchboard_wire::call::visitor::GetVisitorDirectory;
use switchboard_wire::view::{People, PreChat, VisitorAutomation, VisitorDirectory, VisitorTeam};

impl Handle for GetVisitorDirectory {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<VisitorDirectory> {
        let (tx, now) = (&mut cx.tx, cx.now);
        let automations = automation::list(tx, None, PAGE_ITEMS).await?;
        let ruled = automation_rules::all(tx, i64::try_from(FOUND).unwrap_or(i64::MAX)).await?;
        let online = presence::present(tx).await?.into_iter();
        let online = online.filter(|row| row.presence == Presence::Online).map(|row| row.account);
        let online: Vec<AccountId> = online.collect();
        let there: HashSet<TeamId> = team::of_accounts(tx, &online).await?.into_values().flatten().collect();
        let rules = team_rules::all(tx, TEAMS).await?;
        let default = TeamRules::default();
        let of = |team: &TeamId| rules.get(team).unwrap_or(&default);
        let offered = |name: &str| {
            let Some(rules) = ruled.get(name) else { return true };
            rules.outside == Outside::People || rules.is_open(rules.asks_team().map_or(&default, of), now)
        };
        let automations =
            automations.into_iter().filter(|row| row.active && row.public && offered(&row.name));
        let automations = automations.map(|row| VisitorAutomation {
            name: row.name,
            title: row.title,
            description: row.description,
        });
        let automations = automations.collect();
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
        let settings = settings::load(tx).await?;
        let (form, typing_preview) = (settings.pre_chat, settings.typing_preview);
        let pre_chat = form.asks().then(|| PreChat::from(&form));
        let help = article::any_published(&mut cx.tx).await?;
        let mail = cx.shared.mail.is_some();
        Ok(VisitorDirectory { automations, people, pre_chat, typing_preview, help, mail })
    }
}
