//! All automations, by name.

use super::show;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::{FOUND, GUIDES, HOOKS, TEAMS};
use crate::page;
use crate::run::Handle;
use std::collections::{HashMap, HashSet};
use switchboard_domain::limits::PAGE_ITEMS;
use switchboard_domain::{AutomationRules, TeamRules};
use switchboard_storage::{automation, automation_rules, guide, hook, team_rules};
use switchboard_wire::call::automation::ListAutomations;
use switchboard_wire::view::{Automation, Health, Page};
use tokio::time::Instant;

impl Handle for ListAutomations {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<Automation>> {
        // Whoever looks at them wants to know what they do.
        cx.shared.sightings.looked_at(Instant::now());
        let rows = automation::list(&mut cx.tx, None, PAGE_ITEMS).await?;
        let hooks = hook::list(&mut cx.tx, HOOKS).await?.into_iter();
        let hooks: HashMap<String, hook::Hook> = hooks.map(|hook| (hook.name.clone(), hook)).collect();
        let guides: HashSet<String> = guide::names(&mut cx.tx, GUIDES).await?.into_iter().collect();
        let limit = i64::try_from(FOUND).unwrap_or(i64::MAX);
        let rules = automation_rules::all(&mut cx.tx, limit).await?;
        let teams = match rules.values().any(|rules| rules.asks_team().is_some()) {
            true => team_rules::all(&mut cx.tx, TEAMS).await?,
            false => Default::default(),
        };
        let (usual, always) = (AutomationRules::default(), TeamRules::default());
        let shown = |row: &switchboard_domain::automation::Automation| {
            let rules = rules.get(&row.name).unwrap_or(&usual);
            let team = rules.asks_team().and_then(|team| teams.get(team)).unwrap_or(&always);
            let health = match guides.contains(&row.name) {
                true => Health::Up,
                false => cx.shared.sightings.health(row, Instant::now(), cx.now),
            };
            show(row, rules, rules.is_open(team, cx.now), hooks.get(&row.name), health, cx)
        };
        Ok(page::of(rows, PAGE_ITEMS, |row| row.name.clone(), shown))
    }
}
