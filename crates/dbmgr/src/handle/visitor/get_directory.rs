//! What a visitor may start with.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::settings;
use crate::run::Handle;
use std::collections::HashSet;
use switchboard_domain::limits::PAGE_ITEMS;
use switchboard_domain::{AccountId, Presence, TeamId};
use switchboard_storage::{automation, presence, team};
use switchboard_wire::call::visitor::GetVisitorDirectory;
use switchboard_wire::view::{People, PreChat, VisitorAutomation, VisitorDirectory, VisitorTeam};

impl Handle for GetVisitorDirectory {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<VisitorDirectory> {
        let tx = &mut cx.tx;
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
        let teams = team::list(tx, None, PAGE_ITEMS).await?.into_iter();
        let teams = teams.map(|row| VisitorTeam {
            available: there.contains(&row.id),
            id: row.id.into(),
            name: row.name,
        });
        let people = People { available: !online.is_empty(), teams: teams.collect() };
        let form = settings::load(tx).await?.pre_chat;
        let pre_chat = form.asks().then(|| PreChat::from(&form));
        Ok(VisitorDirectory { automations: automations.collect(), people, pre_chat })
    }
}
