//! All automations, by name.

use super::show_hooked;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::HOOKS;
use crate::page;
use crate::run::Handle;
use std::collections::HashMap;
use switchboard_domain::limits::PAGE_ITEMS;
use switchboard_storage::{automation, hook};
use switchboard_wire::call::automation::ListAutomations;
use switchboard_wire::view::{Automation, Page};

impl Handle for ListAutomations {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<Automation>> {
        let rows = automation::list(&mut cx.tx, None, PAGE_ITEMS).await?;
        let hooks = hook::list(&mut cx.tx, HOOKS).await?.into_iter();
        let hooks: HashMap<String, hook::Hook> = hooks.map(|hook| (hook.name.clone(), hook)).collect();
        let shown =
            |row: &switchboard_domain::automation::Automation| show_hooked(row, hooks.get(&row.name), cx);
        Ok(page::of(rows, PAGE_ITEMS, |row| row.name.clone(), shown))
    }
}
